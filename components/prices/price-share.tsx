import { Section } from "@/components/ui/section";
import type { ShownPrices } from "@/lib/core/costs/shown";

/** How much of what was used has a known cost. */
export function PriceShare({ known }: { known: ShownPrices["known"] }) {
  const { tokens, of_tokens, percent } = known;
  return (
    <Section title="Known cost" aside="Last 30 days">
      <div className="grid gap-1 border-y border-hair bg-surface px-3 py-3">
        {percent === null ? (
          <>
            <p className="text-base font-semibold">No tokens used yet</p>
            <p className="text-muted">Model calls that your agents report appear here, with and without a price.</p>
          </>
        ) : (
          <>
            <p className="text-base font-semibold">Cost known for {percent} % of tokens</p>
            <p className="text-muted">
              {count(tokens)} of {count(of_tokens)} tokens. A call without a price counts in no sum of costs: its cost
              is unknown, not zero.
            </p>
          </>
        )}
      </div>
    </Section>
  );
}

const count = (digits: string) => BigInt(digits).toLocaleString("en-US");
