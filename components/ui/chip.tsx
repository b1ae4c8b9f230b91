import type { ReactNode } from "react";

const TONES = {
  plain: "border-edge text-text",
  demo: "border-dashed border-edge text-muted",
  warn: "border-ask text-ask",
} as const;

/** A short word about the thing beside it. Not for verdicts or bands, which have marks of their own. */
export function Chip({ tone = "plain", children }: { tone?: keyof typeof TONES | undefined; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center gap-1 rounded-sm border px-1.5 text-xs leading-5 font-medium whitespace-nowrap ${TONES[tone]}`}
    >
      {tone === "warn" && <span aria-hidden="true">▲</span>}
      {children}
    </span>
  );
}
