import type { ReactNode } from "react";

import { ClippedText } from "@/components/approvals/clipped-text";
import { Mono } from "@/components/ui/mono";
import { clip } from "@/lib/core/approvals/part";
import { MOST_NAME } from "@/lib/core/runs/words";

/** A name as a machine gave it. */
export function Name({ text }: { text: string }) {
  return (
    <Mono>
      <ClippedText value={clip(text, MOST_NAME)} />
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
