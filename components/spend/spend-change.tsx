import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { runsHref } from "@/lib/core/charts/open-runs";
import { shownRange } from "@/lib/core/charts/shown-range";
import { amountText, signedText } from "@/lib/core/charts/units";
import type { Period } from "@/lib/core/figures/range";
import type { ChangeTerm, SpendChange as Change, SpendPage } from "@/lib/core/figures/spend";

import { openRuns } from "./runs-of";
import { TermBar } from "./term-bar";

const TERMS: Readonly<Record<ChangeTerm, string>> = {
  volume: "Runs",
  steps: "Model calls a run",
  mix: "Choice of model",
  tokens: "Tokens a call",
  cache: "Read from cache",
  price: "Price",
  retries: "Retries",
};

const HEAD = [
  "Term",
  { label: "From what to what", className: "max-sm:hidden" },
  { label: "Moved most by", className: "max-sm:hidden" },
  { label: "Change", numeric: true },
  { label: "Its size beside the others", hidden: true, className: "w-1/5" },
];

/** The difference of two periods as an exact sum of what it comes from. */
export function SpendChange({ page, change, now }: { page: SpendPage; change: Change; now: Date }) {
  const open = openRuns(page, "agent");
  const { from, to } = page.range.text;
  const { compared } = page.range;
  const { words, comparedWords } = shownRange(page.range, now);
  const largest = Math.max(...change.terms.map(({ picos }) => Math.abs(Number(picos))), 1);
  return (
    <Section title="Why did it change?" aside={`${signedText("usd", change.differencePicos)} in all`}>
      <Table label="What the change comes from" head={HEAD}>
        <Row>
          <Cell header>Before</Cell>
          <Cell className="text-muted max-sm:hidden">{comparedWords}</Cell>
          <Cell className="max-sm:hidden" />
          <Cell numeric>
            {compared === null || change.beforePicos === "0" ? (
              amountText("usd", change.beforePicos)
            ) : (
              <RowLink href={runsHref(open, earlier(compared), null)} prefetch={false}>
                {amountText("usd", change.beforePicos)}
              </RowLink>
            )}
          </Cell>
          <Cell />
        </Row>
        {change.terms.map(({ term, picos, before, now: after, most }) => (
          <Row key={term}>
            <Cell header className="font-normal">
              {TERMS[term]}
            </Cell>
            <Cell className="text-muted max-sm:hidden">
              {before !== null && after !== null && `${figureText(term, before)} → ${figureText(term, after)}`}
            </Cell>
            <Cell className="max-sm:hidden">
              {most && (
                <>
                  <RowLink href={runsHref(open, { from, to }, most.handle)} prefetch={false}>
                    {most.handle}
                  </RowLink>{" "}
                  <span className="text-muted">{signedText("usd", most.picos)}</span>
                </>
              )}
            </Cell>
            <Cell numeric className={picos === "0" ? "text-muted" : ""}>
              {picos === "0" ? (
                "$0"
              ) : (
                <RowLink href={runsHref(open, { from, to }, most?.handle ?? null)} prefetch={false}>
                  {signedText("usd", picos)}
                </RowLink>
              )}
            </Cell>
            <Cell>
              <TermBar value={Number(picos)} largest={largest} zero="middle" />
            </Cell>
          </Row>
        ))}
        <Row className="border-t border-edge font-semibold">
          <Cell header className="font-semibold">
            Now
          </Cell>
          <Cell className="font-normal text-muted max-sm:hidden">{words}</Cell>
          <Cell className="max-sm:hidden" />
          <Cell numeric>
            <RowLink href={runsHref(open, { from, to }, null)} prefetch={false}>
              {amountText("usd", change.nowPicos)}
            </RowLink>
          </Cell>
          <Cell />
        </Row>
      </Table>
      <p className="text-xs text-muted">
        The terms add up exactly. They are taken in this order; another order would move some of the change between
        them.
      </p>
    </Section>
  );
}

const earlier = ({ from, to }: Period) => ({ from: from.toISOString(), to: to.toISOString() });

/** The figure behind a term, as its kind is read. */
function figureText(term: ChangeTerm, value: number): string {
  const digits = (most: number) => value.toLocaleString("en-US", { maximumFractionDigits: most });
  if (term === "cache" || term === "retries") return amountText("share", String(value));
  if (term === "volume") return `${digits(0)} runs`;
  if (term === "steps") return `${digits(2)} calls`;
  return term === "tokens" ? `${digits(0)} tokens` : digits(2);
}
