import type { InvoicePage } from "@/lib/core/invoices/shown";
import { DAY_MS } from "@/lib/core/shared/time";

import type { Chart } from "./chart";
import { chartBuckets } from "./shown-range";

/** The key of the part that is looked for. */
export const NOT_EXPLAINED = "not_explained";

/** What was invoiced each day: what telemetry explains of it, and what it does not. */
export function invoiceChart({ measure }: InvoicePage["invoice"], days: InvoicePage["explained"]["days"]): Chart {
  const starts = days.map(({ day }) => new Date(day));
  const [from, last] = [starts[0] ?? new Date(0), starts.at(-1) ?? new Date(0)];
  const period = { from, to: new Date(last.getTime() + DAY_MS), buckets: starts };
  return {
    title: "Invoiced by day",
    unit: measure === "usd" ? "usd" : "tokens",
    bucketName: "Day (UTC)",
    buckets: chartBuckets(period, { bucket: "day", zone: "UTC" }),
    until: period.to.toISOString(),
    shape: "bars",
    lines: [
      { key: "", name: "Invoiced", amounts: days.map(({ invoiced }) => invoiced), role: "total" },
      { key: "explained", name: "Explained", amounts: days.map(({ explained }) => explained), role: "part" },
      {
        key: NOT_EXPLAINED,
        name: "Not explained",
        amounts: days.map(({ invoiced, explained }) => String(BigInt(invoiced) - BigInt(explained))),
        role: "part",
      },
    ],
  };
}
