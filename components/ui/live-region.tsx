import type { ReactNode } from "react";

/** Speaks what changed to a screen reader, politely. It must be on the page before it has something to say. */
export function LiveRegion({ children }: { children?: ReactNode }) {
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {children}
    </div>
  );
}
