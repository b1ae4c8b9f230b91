import { Delta } from "@/components/charts/delta";
import { Sparkline } from "@/components/charts/sparkline";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import { drawnOf, usdText } from "@/lib/core/charts/units";
import { beganLate, type SpendForecast, type SpendPage, type SpendRow, TODAY } from "@/lib/core/figures/spend";
import { paths } from "@/lib/core/shared/paths";

const SHOWN = 5;
/** What today cost so far, and by whom. Every figure opens the page of spend in the same range. */
export function CostToday({ spend, mine }: { spend: SpendPage; mine: boolean }) {
  const { total, table, current, unpriced, range } = spend;
  const address = { ...TODAY, tz: range.zone, ...(mine && { by: "owner" }) };
  const rows = table.rows.slice(0, SHOWN);
  const others = table.rows.length - rows.length + (table.others?.values ?? 0);
  return (
    <Section
      title="What it cost"
      aside={
        <Link href={paths.spend(address)} className="link">
          Open spend
        </Link>
      }
    >
      <div className="grid gap-2 border-y border-hair bg-surface px-3 py-3">
        <p>
          <Link href={paths.spend(address)} className="text-lg font-semibold hover:underline">
            {usdText(BigInt(total.now.costPicos))}
          </Link>{" "}
          today,{" "}
          {total.before === null || beganLate(spend) !== null ? (
            "with no day a week ago to compare with"
          ) : (
            <>
              <Delta unit="usd" now={total.now.costPicos} before={total.before.costPicos} full /> a week ago until the
              same time
            </>
          )}
        </p>
        <p className="text-muted">
          {mine && "All agents of the workspace: "}
          {forecastText("Today", current.day)} {forecastText("This month", current.month)}
        </p>
        {unpriced.events !== "0" && (
          <p className="text-muted">
            {BigInt(unpriced.events).toLocaleString("en")} model calls have no price and are not in these figures.{" "}
            <Link href={paths.prices()} className="link">
              Set prices
            </Link>
          </p>
        )}
      </div>
      {rows.length > 0 && (
        <Table
          label="Agents by cost today"
          head={[
            "Agent",
            { label: "Today", numeric: true },
            { label: "Change", numeric: true },
            { label: "By hour", className: "max-sm:hidden" },
          ]}
        >
          {rows.map((row) => (
            <CostRow key={row.key} row={row} />
          ))}
        </Table>
      )}
      {others > 0 && (
        <p className="text-xs text-muted">
          {others} more {others === 1 ? "agent" : "agents"} under{" "}
          <Link href={paths.spend({ ...TODAY, tz: range.zone })} className="link">
            Spend
          </Link>
        </p>
      )}
    </Section>
  );
}

function CostRow({ row }: { row: SpendRow }) {
  const href = paths.spend({ ...TODAY, ...(row.agent !== null && { agent: row.agent }) });
  return (
    <Row>
      <Cell header>
        <Link href={href} className="inline-flex min-h-6 items-center hover:underline">
          <Mono>
            <VisibleText text={row.label} />
          </Mono>
        </Link>
      </Cell>
      <Cell numeric>{usdText(BigInt(row.now.costPicos))}</Cell>
      <Cell numeric>
        <Delta unit="usd" now={row.now.costPicos} before={row.before?.costPicos ?? null} />
      </Cell>
      <Cell className="max-sm:hidden">
        <Sparkline
          title={`Cost of ${row.label} by hour, a week ago dashed`}
          values={row.costs.map((cost) => drawnOf("usd", cost))}
          before={row.costsBefore?.map((cost) => drawnOf("usd", cost))}
        />
      </Cell>
    </Row>
  );
}

function forecastText(
  period: string,
  { spentPicos, expectedPicos, lowPicos, highPicos, method }: SpendForecast,
): string {
  const expected = usdText(BigInt(expectedPicos));
  const so = `${period}: ${usdText(BigInt(spentPicos))} so far, about ${expected} by the end`;
  if (lowPicos !== null && highPicos !== null)
    return `${so} (${usdText(BigInt(lowPicos))} – ${usdText(BigInt(highPicos))}).`;
  return method === "linear" ? `${so} at the rate so far.` : `${so}.`;
}
