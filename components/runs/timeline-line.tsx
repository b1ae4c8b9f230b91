import type { ReactNode } from "react";

import { Mono } from "@/components/ui/mono";
import { VisibleText } from "@/components/ui/visible-text";

/** A name as a machine gave it. */
export function Name({ text }: { text: string }) {
  return (
    <Mono>
      <VisibleText text={text} />
    </Mono>
  );
}

/** What a row says, with a quieter second line. */
export function Line({ children, quiet }: { children: ReactNode; quiet: ReactNode }) {
  return (
    <div className="min-w-0 [overflow-wrap:anywhere]">
      <p>{children}</p>
      {quiet !== "" && <p className="text-xs text-muted">{quiet}</p>}
    </div>
  );
}
