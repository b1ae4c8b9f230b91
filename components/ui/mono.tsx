import type { ReactNode } from "react";

/** A value that came from a machine: an id, a name of a tool, a digest. */
export function Mono({ children, className = "" }: { children: ReactNode; className?: string | undefined }) {
  return <span className={`font-mono text-[0.96em] break-words ${className}`}>{children}</span>;
}
