import "server-only";

import type pg from "pg";

import type { CallDimension, SpendMeasure } from "@/lib/core/figures/measures";
import type { SpendPart } from "@/lib/core/figures/parts";

import type { SpendQuestion, SpendRows } from "./trace-store";
import { arrayOf } from "./wire";

/** What stands for a dimension in SQL. The list is closed: no text from outside becomes SQL. */
const COLUMNS: Readonly<Record<CallDimension, string>> = {
  agent: "agent_id",
  version: "agent_version",
  kind: "kind",
  provider: "provider",
  model: "model",
  tool: "tool",
};

/** The sums of the spans that a question names, by bucket and group. Groups without events are left out. */
export async function readSpend(
  client: pg.ClientBase,
  workspaceId: string,
  question: SpendQuestion,
): Promise<SpendRows> {
  const { parts, measures } = question;
  const values: unknown[] = [workspaceId, ...partLists(parts)];
  const given = (value: unknown) => `$${values.push(value)}`;
  const { table, columns, conditions } = question.from === "calls" ? calls(question, given) : claims(question, given);
  const groups = columns.map((column) => `s.${column}`);
  const added = [...new Set<SpendMeasure>(["events", ...measures])];
  const { rows } = await client.query<{ bucket: number; sign: number; group: string[] } & Record<string, string>>(
    `SELECT p.bucket, p.sign, ARRAY[${groups.map(textOf).join(", ")}]::text[] AS "group",
       ${added.map((measure) => `sum(s.${measure})::text AS ${measure}`).join(", ")}
     FROM unnest($2::int4[], $3::int4[], $4::int8[], $5::int8[], $6::int4[]) AS p (bucket, minutes, starts, ends, sign)
     CROSS JOIN LATERAL (
       SELECT ${[...columns, ...added].join(", ")} FROM ${table}
       WHERE workspace_id = $1 AND minutes = p.minutes AND starts >= moment_of(p.starts)
         AND starts < moment_of(p.ends)${conditions.map((condition) => ` AND ${condition}`).join("")}
       OFFSET 0) AS s
     GROUP BY p.bucket, p.sign${groups.map((group) => `, ${group}`).join("")}`,
    values,
  );
  return netted(rows, added);
}

const textOf = (group: string): string =>
  group === "s.starts" ? "micros_since_1970(s.starts)::text" : `${group}::text`;

type Source = { readonly table: string; readonly columns: readonly string[]; readonly conditions: readonly string[] };
type Given = (value: unknown) => string;

function calls(question: Extract<SpendQuestion, { from: "calls" }>, given: Given): Source {
  const conditions = Object.entries(question.where).flatMap(([dimension, wanted]) =>
    wanted === undefined ? [] : [`${COLUMNS[dimension as CallDimension]}::text = ANY (${given(wanted)}::text[])`],
  );
  return { table: "spend_calls", columns: question.by.map((dimension) => COLUMNS[dimension]), conditions };
}

function claims(question: Extract<SpendQuestion, { from: "values" }>, given: Given): Source {
  const columns = question.by.map((part) => (part === "agent" ? "agent_id" : part));
  const conditions = [`dimension = ${given(question.dimension)}`];
  if (question.agents !== undefined) conditions.push(`agent_id = ANY (${given(question.agents)}::uuid[])`);
  if (question.values !== undefined) conditions.push(`value = ANY (${given(question.values)}::text[])`);
  return { table: "spend_values", columns, conditions };
}

const MICROS = 1_000n;

const partLists = (parts: readonly SpendPart[]): readonly Buffer[] => [
  arrayOf(
    "int4",
    parts.map(({ bucket }) => bucket),
  ),
  arrayOf(
    "int4",
    parts.map(({ minutes }) => minutes),
  ),
  arrayOf(
    "int8",
    parts.map(({ from }) => BigInt(from) * MICROS),
  ),
  arrayOf(
    "int8",
    parts.map(({ to }) => BigInt(to) * MICROS),
  ),
  arrayOf(
    "int4",
    parts.map(({ sign }) => sign),
  ),
];

type Row = { readonly bucket: number; readonly sign: number; readonly group: string[] };

/** What is added less what is taken away. */
function netted(rows: readonly (Row & Record<string, unknown>)[], measures: readonly SpendMeasure[]): SpendRows {
  const found = new Map<string, { bucket: number; group: readonly string[]; sums: Map<SpendMeasure, bigint> }>();
  for (const row of rows) {
    const name = JSON.stringify([row.bucket, row.group]);
    let entry = found.get(name);
    if (!entry) found.set(name, (entry = { bucket: row.bucket, group: row.group, sums: new Map() }));
    for (const measure of measures) {
      const amount = BigInt(String(row[measure])) * BigInt(row.sign);
      entry.sums.set(measure, (entry.sums.get(measure) ?? 0n) + amount);
    }
  }
  return [...found.values()]
    .filter(({ sums }) => [...sums.values()].some((sum) => sum !== 0n))
    .map(({ bucket, group, sums }) => ({ bucket, group, sums: (measure) => sums.get(measure) ?? 0n }));
}
