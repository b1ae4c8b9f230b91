import { csvRow } from "@/lib/core/shared/csv";
import { usdOfPico } from "@/lib/core/shared/money";

import type { AdviceList } from "./schema";
import { ADVICE_NAMES } from "./words";

const COLUMNS = [
  "id",
  "kind",
  "state",
  "advice",
  "usd a month",
  "where the money comes from",
  "how sure",
  "what to change",
  "from",
  "to",
  "runs",
  "dismissed by",
  "dismissed at",
  "reason",
];

/** Advice as CSV. Times are in UTC. */
export function adviceCsv({ evaluated_at: evaluated, items }: AdviceList, made: Date): string {
  return [
    csvRow(["Interlock, advice", made.toISOString()]),
    csvRow(["looked for", evaluated?.toISOString() ?? "not yet"]),
    csvRow(["time zone", "UTC"]),
    csvRow(COLUMNS),
    ...items.map(({ facts, dismissal, ...item }) =>
      csvRow([
        item.id,
        ADVICE_NAMES[facts.kind],
        item.state,
        item.what,
        item.month_picos === null ? null : usdOfPico(BigInt(item.month_picos)),
        item.money,
        item.sure,
        item.change,
        item.from.toISOString(),
        item.to.toISOString(),
        item.runs_href,
        dismissal?.by ?? null,
        dismissal?.at.toISOString() ?? null,
        dismissal?.reason ?? null,
      ]),
    ),
  ].join("");
}
