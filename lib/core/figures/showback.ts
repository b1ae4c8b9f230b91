import { z } from "zod";

import { tableCsv } from "@/lib/core/charts/chart";
import { localDate } from "@/lib/core/charts/time-words";
import { usdOfPico } from "@/lib/core/shared/money";

import { startOfLocalMonth } from "./calendar";
import { NO_SPEND, type SpendSums } from "./measures";
import type { Range } from "./range";
import { costPerSuccessOf, sumOf } from "./spend-figures";

/* What each owner's agents cost in a month, as finance passes it on. The sums are those of the page of spend. */

/** Which month, in which zone. */
export const ShowbackQuery = z.strictObject({
  /** `2026-11`. */
  month: z.string().regex(/^20[2-9]\d-(0[1-9]|1[0-2])$/, "Write a month as 2026-11."),
  /** An IANA time zone: when the month begins and ends. */
  tz: z.string().max(64).optional(),
  format: z.enum(["json", "csv"]).optional(),
});
export type ShowbackQuery = z.infer<typeof ShowbackQuery>;

const MONTHS = 13;

/** The month that is going on in a zone and the year before it, the latest first: `2026-11`. */
export const recentMonths = (now: Date, zone: string): readonly string[] =>
  Array.from({ length: MONTHS }, (_, back) =>
    localDate(startOfLocalMonth(now, zone, -back), zone).slice(0, "2026-11".length),
  );

/** Sums are decimal text, because they outgrow what a number holds exactly. */
const Figures = z.object({
  cost_usd: z.string(),
  runs: z.string(),
  succeeded: z.string(),
  /** Null without a successful run. */
  cost_per_success_usd: z.string().nullable(),
  model_calls: z.string(),
  tool_calls: z.string(),
  tokens_input: z.string(),
  tokens_output: z.string(),
  tokens_cache_read: z.string(),
  /** Calls without a price: their cost is unknown and in no sum. */
  unpriced: z.string(),
});
type Figures = z.infer<typeof Figures>;

/** A model, a tool or what is neither; runs use several, so a part has none of its own. */
const Part = Figures.omit({ runs: true, succeeded: true, cost_per_success_usd: true }).extend({
  kind: z.enum(["model", "tool", "other"]),
  name: z.string(),
});
type Part = z.infer<typeof Part>;

export const Showback = z.object({
  month: z.string(),
  time_zone: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Whether the month is still going on. */
  unfinished: z.boolean(),
  total: Figures,
  /** Who answers for the agents now, the most expensive first. The agents of all owners add up to the total. */
  owners: z.array(
    z.object({
      owner_id: z.string().nullable(),
      owner: z.string(),
      total: Figures,
      /** The parts add up to the agent's cost. */
      agents: z.array(z.object({ agent: z.string(), total: Figures, parts: z.array(Part) })),
    }),
  ),
});
export type Showback = z.infer<typeof Showback>;

/** An agent's sums of the month, and those of its calls by model and tool. */
export type ShowbackAgent = {
  readonly agent: string;
  readonly ownerId: string | null;
  readonly owner: string;
  readonly sums: SpendSums;
  readonly calls: readonly { readonly model: string; readonly tool: string; readonly sums: SpendSums }[];
};

/** Puts the sums of a month's agents together by who answers for them. */
export function showbackOf(month: string, range: Range, agents: readonly ShowbackAgent[]): Showback {
  const owners = new Map<string, ShowbackAgent[]>();
  for (const agent of agents) {
    const key = agent.ownerId ?? "";
    owners.set(key, [...(owners.get(key) ?? []), agent]);
  }
  const byOwner = [...owners.values()].map((own) => ({ own, sums: sumOf(own.map(({ sums }) => sums)) }));
  return {
    month,
    time_zone: range.zone,
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    unfinished: range.unfinished,
    total: figuresOf(sumOf(agents.map(({ sums }) => sums))),
    owners: byOwner.toSorted(byCost).map(({ own, sums }) => ({
      owner_id: own[0]?.ownerId ?? null,
      owner: own[0]?.owner ?? "",
      total: figuresOf(sums),
      agents: own.toSorted(byCost).map((agent) => ({
        agent: agent.agent,
        total: figuresOf(agent.sums),
        parts: partsOf(agent),
      })),
    })),
  };
}

const byCost = (a: { readonly sums: SpendSums }, b: { readonly sums: SpendSums }): number =>
  a.sums.cost_picos === b.sums.cost_picos ? 0 : a.sums.cost_picos > b.sums.cost_picos ? -1 : 1;

function figuresOf(sums: SpendSums): Figures {
  const perSuccess = costPerSuccessOf(sums);
  return {
    cost_usd: usdOfPico(sums.cost_picos),
    runs: String(sums.runs),
    succeeded: String(sums.succeeded),
    cost_per_success_usd: perSuccess && usdOfPico(BigInt(perSuccess.picos)),
    model_calls: String(sums.model_calls),
    tool_calls: String(sums.tool_calls),
    tokens_input: String(sums.tokens_input),
    tokens_output: String(sums.tokens_output),
    tokens_cache_read: String(sums.tokens_cache_read),
    unpriced: String(sums.unpriced),
  };
}

/** Each call once: as its model's, else as its tool's, else as neither's. What neither cost nor called anything is left out. */
function partsOf({ calls }: ShowbackAgent): Part[] {
  const parts = new Map<string, { kind: Part["kind"]; name: string; sums: SpendSums }>();
  for (const { model, tool, sums } of calls) {
    const kind = model !== "" ? "model" : tool !== "" ? "tool" : "other";
    const name = model || tool;
    const key = `${kind} ${name}`;
    parts.set(key, { kind, name, sums: sumOf([parts.get(key)?.sums ?? NO_SPEND, sums]) });
  }
  return [...parts.values()]
    .filter(({ sums }) => sums.cost_picos !== 0n || sums.model_calls + sums.tool_calls + sums.unpriced > 0n)
    .toSorted((a, b) => byCost(a, b) || (a.name < b.name ? -1 : 1))
    .map(({ kind, name, sums }) => {
      const { runs: _runs, succeeded: _succeeded, cost_per_success_usd: _per, ...figures } = figuresOf(sums);
      return { kind, name, ...figures };
    });
}

const COLUMNS = Object.keys(Figures.shape) as (keyof Figures)[];

/** The same as CSV, with the month and its zone in its head. */
export function showbackCsv(
  { month, time_zone: zone, from, to, unfinished, total, owners }: Showback,
  made: Date,
): string {
  const cells = (figures: Partial<Figures>) => COLUMNS.map((name) => figures[name] ?? null);
  return tableCsv(
    "showback",
    [
      ["month", unfinished ? `${month}, so far` : month],
      ["zone", zone],
      ["range", `${from} up to ${to}`],
      ["made", made.toISOString()],
      ["owners", "who answers for the agents now"],
      ["rows", "Rows of agents add up to all. Rows of models, tools and other are the parts of the agent above them."],
    ],
    [
      ["owner", "agent", "row", "name", ...COLUMNS],
      ...owners.flatMap(({ owner, total: sum, agents }) => [
        [owner, "", "owner", "", ...cells(sum)],
        ...agents.flatMap(({ agent, total: own, parts }) => [
          [owner, agent, "agent", "", ...cells(own)],
          ...parts.map((part) => [owner, agent, part.kind, part.name, ...cells(part)]),
        ]),
      ]),
      ["", "", "all", "", ...cells(total)],
    ],
  );
}
