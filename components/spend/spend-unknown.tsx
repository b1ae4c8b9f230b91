import { KeyValue } from "@/components/ui/key-value";
import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { counted } from "@/lib/core/approvals/part";
import { amountText, signedText } from "@/lib/core/charts/units";
import type { SpendPage } from "@/lib/core/figures/spend";
import { paths } from "@/lib/core/shared/paths";

/** What the figures of the page leave out, and what others say of the same calls. */
export function SpendUnknown({ page }: { page: SpendPage }) {
  const { unpriced, given, outOfWindow } = page;
  return (
    <Section title="Not in these figures">
      <KeyValue
        items={[
          { label: "Without a price", value: <Unpriced unpriced={unpriced} /> },
          {
            label: "What senders say",
            value:
              given.events === "0" ? (
                <span className="text-muted">No event names a cost of its own that our prices cover as well.</span>
              ) : (
                <>
                  {amountText("usd", given.givenPicos)} on {counted(BigInt(given.events), "call")},{" "}
                  {given.differencePicos === "0"
                    ? "exactly what our prices make of them"
                    : `${signedText("usd", given.differencePicos)} beside our prices, which make ${amountText("usd", given.computedPicos)} of them`}
                  . What the sender says counts.
                </>
              ),
          },
          {
            label: "Too late or too early",
            value:
              outOfWindow.events === "0" ? (
                <span className="text-muted">Nothing arrived with a time that cannot be believed.</span>
              ) : (
                <>
                  {counted(BigInt(outOfWindow.events), "event")} of {amountText("usd", outOfWindow.costPicos)}: they
                  arrived more than a day after the time they name, or before it.
                </>
              ),
          },
        ]}
      />
    </Section>
  );
}

function Unpriced({ unpriced }: Pick<SpendPage, "unpriced">) {
  const { events, tokens, ofTokens } = unpriced;
  if (events === "0") return <span className="text-muted">Every call with usage has a price.</span>;
  return (
    <>
      <RowLink href={paths.prices()} prefetch={false}>
        {counted(BigInt(events), "call")}
      </RowLink>
      , {amountText("share", String(shareOf(tokens, ofTokens)))} of tokens. Their cost is unknown, not zero.
    </>
  );
}

function shareOf(part: string, whole: string): number {
  return BigInt(whole) === 0n ? 0 : Number((BigInt(part) * 100_000n) / BigInt(whole)) / 100_000;
}
