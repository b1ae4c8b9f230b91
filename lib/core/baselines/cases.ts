import { decimalOf } from "@/lib/core/shared/decimal";
import { meanOf, quantileOfSorted } from "@/lib/core/shared/statistics";

import { Baseline } from "./schema";

/** What a file of cases may say of each; other columns are not read. */
const COLUMNS = ["minutes", "cost_usd", "succeeded", "incident"] as const;
type Column = (typeof COLUMNS)[number];

/** The period and source of a file of cases, which its rows do not say. */
export type Period = Pick<Baseline, "from" | "to" | "source">;

/** A record of the file with the line it is on. */
export type CaseRow = { readonly cells: readonly string[]; readonly line: number };

export type ReadCases =
  | { readonly ok: true; readonly baseline: Baseline }
  | { readonly ok: false; readonly message: string };

const YES = new Set(["1", "true", "yes", "y"]);
const NO = new Set(["0", "false", "no", "n", ""]);
const USD_DECIMALS = 6;
const MINUTE_DECIMALS = 3;

const fault = (message: string): ReadCases => ({ ok: false, message });

/** Makes a baseline of the rows of a file, one a case below their names. Whatever cannot be read is refused by its line. */
export function baselineOfCases([head, ...rows]: readonly CaseRow[], period: Period): ReadCases {
  const names = head?.cells ?? [];
  const places = new Map(COLUMNS.map((name) => [name, names.findIndex((cell) => nameOf(cell) === name)]));
  const known = COLUMNS.filter((name) => places.get(name) !== -1);
  if (known.length === 0)
    return fault(`The first line must name at least one of these columns: ${COLUMNS.join(", ")}.`);
  if (rows.length === 0) return fault("The file has no case below its first line.");
  const numbers: Record<Column, number[]> = { minutes: [], cost_usd: [], succeeded: [], incident: [] };
  for (const { cells, line } of rows)
    for (const name of known) {
      const cell = (cells[places.get(name) ?? 0] ?? "").trim();
      const value = valueOf(name, cell);
      if (value === null) return fault(`Line ${line}: ${name} is ${cell === "" ? "empty" : `“${cell.slice(0, 40)}”`}.`);
      numbers[name].push(value);
    }
  return made(numbers, rows.length, known, period);
}

const nameOf = (cell: string): string =>
  cell
    .replace(/^\uFEFF/, "")
    .trim()
    .toLowerCase();

function valueOf(name: Column, cell: string): number | null {
  if (name === "succeeded" || name === "incident") {
    const text = cell.toLowerCase();
    return YES.has(text) ? 1 : NO.has(text) ? 0 : null;
  }
  const number = decimalOf(cell);
  return number === null || number.digits < 0n ? null : Number(cell);
}

function made(
  { minutes, cost_usd, succeeded, incident }: Readonly<Record<Column, readonly number[]>>,
  cases: number,
  known: readonly Column[],
  period: Period,
): ReadCases {
  const [time, cost] = [meanOf(minutes), meanOf(cost_usd)];
  const median = quantileOfSorted(
    minutes.toSorted((a, b) => a - b),
    0.5,
  );
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const found = Baseline.safeParse({
    ...period,
    cases,
    ...(time && { mean_minutes: rounded(time.mean), median_minutes: rounded(median ?? 0) }),
    ...(time?.sd != null && { sd_minutes: rounded(time.sd) }),
    ...(cost && { mean_cost_usd: cost.mean.toFixed(USD_DECIMALS) }),
    ...(cost?.sd != null && { sd_cost_usd: cost.sd.toFixed(USD_DECIMALS) }),
    ...(known.includes("succeeded") && { succeeded: sum(succeeded) }),
    ...(known.includes("incident") && { incidents: sum(incident) }),
  });
  if (found.success) return { ok: true, baseline: found.data };
  const [issue] = found.error.issues;
  return fault(`${issue?.path.join(".") ?? "The file"}: ${issue?.message ?? "cannot be read"}`);
}

const rounded = (minutes: number): number => Number(minutes.toFixed(MINUTE_DECIMALS));
