import type { ReactNode } from "react";

const TONES = {
  info: { edge: "border-edge", mark: "●", ink: "text-muted", role: "note" },
  warn: { edge: "border-ask", mark: "▲", ink: "text-ask", role: "note" },
  error: { edge: "border-deny", mark: "■", ink: "text-deny", role: "alert" },
} as const;

type AlertProps = { tone: keyof typeof TONES; title?: ReactNode | undefined; children?: ReactNode };

/** A sentence that must not be missed. An error is announced when it appears. */
export function Alert({ tone, title, children }: AlertProps) {
  const look = TONES[tone];
  return (
    <div role={look.role} className={`flex gap-2.5 rounded-sm border border-l-4 bg-surface px-3 py-2 ${look.edge}`}>
      <span aria-hidden="true" className={look.ink}>
        {look.mark}
      </span>
      <div className="grid min-w-0 gap-0.5 [overflow-wrap:anywhere]">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}
