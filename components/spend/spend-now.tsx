import { KeyValue } from "@/components/ui/key-value";
import { Link } from "@/components/ui/link";
import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { localDate, momentWords } from "@/lib/core/charts/time-words";
import { amountText } from "@/lib/core/charts/units";
import { type CappedPeriod, type Caps, type CapStand, capStand } from "@/lib/core/budgets/cap";
import type { SpendForecast, SpendPage } from "@/lib/core/figures/spend";
import { paths } from "@/lib/core/shared/paths";

import { ForecastBar } from "./forecast-bar";

/** What today and this month come to, whatever range the page shows. */
export function SpendNow({ page, caps, now }: { page: SpendPage; caps: Caps; now: Date }) {
  const { day, month, hourPicos } = page.current;
  const { zone } = page.range;
  // The month ends at its last midnight, so a moment before is still in it.
  const firstDay = `${localDate(new Date(month.endsAt.getTime() - 1), zone).slice(0, "2026-11-".length)}01`;
  return (
    <Section title="Today and this month" aside={`the whole workspace, ${zone}`}>
      <KeyValue
        items={[
          {
            label: "Today",
            value: <Forecast of="day" forecast={day} zone={zone} from="now-1d" capPicos={caps.day} now={now} />,
          },
          {
            label: "This month",
            value: <Forecast of="month" forecast={month} zone={zone} from={firstDay} capPicos={caps.month} now={now} />,
          },
          {
            label: "In the last hour",
            value: (
              <RowLink href={paths.runs({ from: "now-1h", to: "now", tz: zone })} prefetch={false}>
                {amountText("usd", hourPicos)}
              </RowLink>
            ),
          },
        ]}
      />
    </Section>
  );
}

type ForecastProps = {
  of: CappedPeriod;
  forecast: SpendForecast;
  zone: string;
  from: string;
  capPicos: string | null;
  now: Date;
};

const PERIODS = { day: "today", month: "this month" } as const;

function Forecast({ of, forecast, zone, from, capPicos, now }: ForecastProps) {
  const { spentPicos, expectedPicos, lowPicos, highPicos, method, endsAt } = forecast;
  const ends = momentWords(endsAt, zone);
  return (
    <div className="grid gap-1">
      <p>
        <RowLink href={paths.runs({ from, to: "now", tz: zone })} prefetch={false} className="font-semibold">
          {amountText("usd", spentPicos)}
        </RowLink>{" "}
        spent, {amountText("usd", expectedPicos)} expected by {ends}
        {lowPicos !== null && highPicos !== null && (
          <span className="text-muted">
            , between {amountText("usd", lowPicos)} and {amountText("usd", highPicos)}
          </span>
        )}
      </p>
      <ForecastBar of={PERIODS[of]} forecast={forecast} capPicos={capPicos} />
      <CapLine
        capPicos={capPicos}
        stand={capPicos === null ? null : capStand(forecast, capPicos, { period: of, zone, now })}
      />
      <p className="text-xs text-muted">
        {method === "linear"
          ? "Expected at the rate so far: there are fewer than 14 days to learn a pattern from."
          : "Expected from the same hours of earlier weeks; eight of ten end between the two."}
      </p>
    </div>
  );
}

function CapLine({ capPicos, stand }: { capPicos: string | null; stand: CapStand | null }) {
  if (capPicos === null || stand === null) {
    return (
      <p className="text-xs text-muted">
        No budget in this time zone.{" "}
        <Link href={paths.budgets()} className="link">
          Set one
        </Link>
      </p>
    );
  }
  const { share, burn, expectedOver } = stand;
  return (
    <p className="text-xs text-muted">
      {Math.floor(share * 100)} % of the{" "}
      <Link href={paths.budgets()} className="link">
        budget of {amountText("usd", capPicos)}
      </Link>
      {burn !== null && <>, burning at {burn.toFixed(1)} × an even pace</>}
      {expectedOver === "0" ? (
        "; expected to stay within it."
      ) : (
        <span className="font-medium text-del">; expected to end {amountText("usd", expectedOver)} above it.</span>
      )}
    </p>
  );
}
