import type { ReactNode } from "react";

import { EmptyState } from "@/components/ui/empty-state";

type DeskTaskProps = { title: string; explains: string; count: number; empty: string; children: ReactNode };

/** A lane of the desk that holds no actions but other things people must settle. */
export function DeskTask({ title, explains, count, empty, children }: DeskTaskProps) {
  return (
    <div className="grid gap-4">
      <h1 className="text-xl">{title}</h1>
      {count > 0 && <p className="max-w-[72ch] text-muted">{explains}</p>}
      {count > 0 ? (
        children
      ) : (
        <EmptyState title={empty}>
          <p>{explains}</p>
        </EmptyState>
      )}
    </div>
  );
}
