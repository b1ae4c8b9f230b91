import { raggedText } from "@/lib/core/shared/csv-guard";
import { commaHint, decimalOf } from "@/lib/core/shared/decimal";
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
const NO = new Set(["0", "false", "no", "n"]);
const USD_DECIMALS = 6;
const MINUTE_DECIMALS = 3;

const fault = (message: string): ReadCases => ({ ok: false, message });

/** Makes a baseline of the rows of a file, one a case below their names. Whatever cannot be read is refused by its line. */
export function baselineOfCases([head, ...rows]: readonly CaseRow[], period: Period): ReadCases {
  const names = head?.cells ?? [];
  const folded = names.map(nameOf);
  const places = new Map(COLUMNS.map((name) => [name, folded.indexOf(name)]));
  const known = COLUMNS.filter((name) => places.get(name) !== -1);
  const twice = known.find((name) => folded.lastIndexOf(name) !== places.get(name));
  if (twice !== undefined) return fault(`Two columns are named ${twice}. Leave one of them out.`);
  if (known.length === 0)
    return fault(`The first line must name at least one of these columns: ${COLUMNS.join(", ")}.`);
  if (rows.length === 0) return fault("The file has no case below its first line.");
  const numbers: Record<Column, number[]> = { minutes: [], cost_usd: [], succeeded: [], incident: [] };
  for (const { cells, line } of rows) {
    if (cells.length !== names.length) return fault(`Line ${line}: ${raggedText(cells.length, names.length)}`);
    for (const name of known) {
      const cell = (cells[places.get(name) ?? 0] ?? "").trim();
      const value = valueOf(name, cell);
      if (value === null) return fault(`Line ${line}: ${name} is ${shown(cell)}.${hintOf(name, cell)}`);
      numbers[name].push(value);
    }
  }
  return made(numbers, rows.length, known, period);
}

const nameOf = (cell: string): string =>
  cell
    .replace(/^\uFEFF/, "")
    .trim()
    .toLowerCase();

const shown = (cell: string): string => (cell === "" ? "empty" : `“${cell.slice(0, 40)}”`);

const isFlag = (name: Column): name is "succeeded" | "incident" => name === "succeeded" || name === "incident";

const hintOf = (name: Column, cell: string): string => (isFlag(name) ? " Write yes or no." : commaHint(cell));

function valueOf(name: Column, cell: string): number | null {
  if (isFlag(name)) {
    const text = cell.toLowerCase();
    // Who counts incidents marks the cases that had one.
    if (text === "" && name === "incident") return 0;
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
