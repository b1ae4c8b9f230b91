import "server-only";

import { addSpend, NO_SPEND } from "@/lib/core/figures/measures";
import { type Range, readRange } from "@/lib/core/figures/range";
import type { SpendPage, SpendQuery } from "@/lib/core/figures/spend";
import { figuresOf, givenOf, joinBuckets, seriesOf, unpricedOf, wasteOf } from "@/lib/core/figures/spend-figures";
import { type KeyWords, spendTable, type TableEntry } from "@/lib/core/figures/spend-table";
import { whyChanged } from "@/lib/core/figures/why-changed";
import type { MemberId } from "@/lib/core/shared/brand";
import { listSpendAgents, type SpendAgent } from "@/lib/data/spend-facts";

import type { ServiceContext } from "../context";
import { traceStore } from "../traces/stores";
import { type Narrowing, narrowingOf } from "./narrow-spend";
import { readAnswers, type SpendAnswers, spendQuestions } from "./spend-questions";

/** The spend of a range from one moment, before it is put into words. */
export type ReadSpend = {
  readonly range: Range;
  readonly narrowing: Narrowing;
  readonly agents: readonly SpendAgent[];
  readonly answers: SpendAnswers;
};

/** Reads the question and what was spent. @param owner counts the agents that this member answers for alone */
export async function readSpend(
  { db, workspaceId, now }: ServiceContext,
  query: SpendQuery,
  owner?: MemberId,
): Promise<ReadSpend> {
  const range = readRange(query, now);
  const agents = await listSpendAgents(db, workspaceId);
  const narrowing = narrowingOf(query, agents, owner);
  const rows = await traceStore.spend(workspaceId, spendQuestions(range, narrowing, now));
  return { range, narrowing, agents, answers: readAnswers(rows, range) };
}

/** What follows from what was spent. */
export type DerivedSpend = Pick<
  SpendPage,
  "total" | "series" | "table" | "waste" | "unpriced" | "given" | "change" | "outOfWindow"
>;

/** @param most rows of the table; the others are one row more */
export function deriveSpend({ answers, narrowing, agents }: ReadSpend, most?: number): DerivedSpend {
  const { all, byAgent, byKey, outOfWindow } = answers;
  const knowsRuns = !narrowing.isByCalls;
  const agentOf = new Map(agents.map((agent) => [agent.id, agent]));
  const handleOf = (id: string) => agentOf.get(id)?.handle ?? id;
  const entries = byKey ?? (narrowing.by === "owner" ? byOwner(byAgent, agentOf) : byAgent);
  return {
    total: { now: figuresOf(all.now, knowsRuns), before: all.before && figuresOf(all.before, knowsRuns) },
    series: seriesOf(new Map([...byAgent].map(([key, { costs }]) => [key, costs])), answers.empty, handleOf),
    table: spendTable(narrowing.by, entries, all, {
      words: wordsOf(narrowing.by, agentOf),
      knowsRuns,
      ...(most !== undefined && { most }),
    }),
    waste: wasteOf(all.now, all.before),
    unpriced: unpricedOf(all.now),
    given: givenOf(all.now),
    change: answers.calls.before && whyChanged(answers.calls.before, answers.calls.now, undefined, handleOf),
    outOfWindow: { events: String(outOfWindow.events), costPicos: String(outOfWindow.cost_picos) },
  };
}

function byOwner(
  byAgent: ReadonlyMap<string, TableEntry>,
  agentOf: ReadonlyMap<string, SpendAgent>,
): ReadonlyMap<string, TableEntry> {
  const found = new Map<string, TableEntry>();
  for (const [id, entry] of byAgent) {
    const owner = agentOf.get(id)?.owner_id ?? "";
    const before = found.get(owner);
    found.set(owner, before === undefined ? entry : bothOf(before, entry));
  }
  return found;
}

const bothOf = (one: TableEntry, other: TableEntry): TableEntry => ({
  now: addSpend(one.now, other.now),
  before: one.before && addSpend(one.before, other.before ?? NO_SPEND),
  costs: joinBuckets(one.costs, other.costs),
});

function wordsOf(by: Narrowing["by"], agentOf: ReadonlyMap<string, SpendAgent>): (key: string) => KeyWords {
  const owners = new Map([...agentOf.values()].map(({ owner_id, owner }) => [owner_id, owner]));
  return (key) => {
    if (by === "agent") {
      const agent = agentOf.get(key);
      return { label: agent?.handle ?? key, owner: agent?.owner ?? null, agent: agent?.handle ?? null };
    }
    const label = by === "owner" ? owners.get(key) : key;
    return { label: label || "none", owner: null, agent: null };
  };
}
