import type { ReactNode } from "react";

/** A key to press. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded-xs border border-edge px-1 font-mono text-2xs leading-4 font-medium text-muted in-[button]:text-inherit">
      {children}
    </kbd>
  );
}
