import { wilson } from "@/lib/core/shared/statistics";
import { isRate, percent } from "@/lib/core/reviewers/words";

/** A share with its 95 % interval and how many it is of; under twenty only how many there are. */
export function Rate({ hits, n }: { hits: number; n: number }) {
  const share = wilson(hits, n);
  if (n === 0) return <span className="text-muted">none</span>;
  if (!isRate(share)) return <span className="whitespace-nowrap text-muted">too few ({n})</span>;
  return (
    <span className="whitespace-nowrap">
      {percent(hits / n)}{" "}
      <span className="text-xs text-muted">
        {(share.low * 100).toFixed(1)} – {percent(share.high)}, n = {n.toLocaleString("en-US")}
      </span>
    </span>
  );
}
