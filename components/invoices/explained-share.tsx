import { shareText } from "@/lib/core/invoices/words";

const LONG = 100;

/** A share of what was invoiced as a bar, with its number beside it. */
export function ExplainedShare({ share }: { share: number | null }) {
  return (
    <span className="flex items-center gap-3">
      <svg
        viewBox={`0 0 ${LONG} 6`}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="block h-1.5 w-20 shrink-0 text-edge max-lg:hidden"
      >
        <rect width={LONG} height="6" className="fill-sunk stroke-hair" vectorEffect="non-scaling-stroke" />
        <rect width={(share ?? 0) * LONG} height="6" fill="currentColor" />
      </svg>
      {shareText(share)}
    </span>
  );
}
