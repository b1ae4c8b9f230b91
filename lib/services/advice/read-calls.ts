import "server-only";

import type { CachedCalls } from "@/lib/core/advice/cache-share";
import type { Windows } from "@/lib/core/advice/windows";
import { partsOfPeriod } from "@/lib/core/figures/parts";
import type { SpendQuestion, SpendRows } from "@/lib/data/trace-store";

import type { ServiceContext } from "../context";
import { traceStore } from "../traces/stores";

/** Events of one kind by whom and what they used. `agent` is an id. */
type KindCalls = {
  readonly agent: string;
  readonly kind: string;
  readonly provider: string;
  readonly model: string;
  readonly tool: string;
  readonly events: number;
};

/** What the rollups of spend know of the days that advice looks at. */
export type AdviceCalls = {
  /** Model calls of the two weeks. `agent` is an id. */
  readonly weeks: readonly CachedCalls[];
  readonly kinds: readonly KindCalls[];
  /** How many tools and models each agent used, by its id. */
  readonly byAgent: ReadonlyMap<string, { readonly tools: number; readonly models: number }>;
  /** Events by the MCP server they name. */
  readonly servers: ReadonlyMap<string, number>;
  /** How many skills events name. */
  readonly skills: number;
};

/** Reads from the rollups what was called. */
export async function readCalls({ workspaceId }: ServiceContext, windows: Windows): Promise<AdviceCalls> {
  const parts = partsOfPeriod(windows.events);
  const named = (dimension: "mcp_server" | "skill"): SpendQuestion => {
    return { from: "values", dimension, by: ["value"], parts, measures: ["events"] };
  };
  const [weeks = [], kinds = [], servers = [], skills = []] = await traceStore.spend(workspaceId, [
    {
      from: "calls",
      by: ["agent", "version", "provider", "model"],
      where: { kind: ["llm"] },
      parts: [windows.before, windows.now].flatMap((week, bucket) =>
        partsOfPeriod(week).map((part) => ({ ...part, bucket })),
      ),
      measures: ["model_calls", "tokens_input", "tokens_cache_read"],
    },
    { from: "calls", by: ["agent", "kind", "provider", "model", "tool"], where: {}, parts, measures: ["events"] },
    named("mcp_server"),
    named("skill"),
  ]);
  const calls = kinds.map(({ group, sums }): KindCalls => {
    const [agent = "", kind = "", provider = "", model = "", tool = ""] = group;
    return { agent, kind, provider, model, tool, events: Number(sums("events")) };
  });
  return {
    weeks: weeks.map(weekOf),
    kinds: calls,
    byAgent: usedBy(calls),
    servers: new Map(servers.map(({ group, sums }) => [group[0] ?? "", Number(sums("events"))])),
    skills: skills.length,
  };
}

function weekOf({ bucket, group, sums }: SpendRows[number]): CachedCalls {
  const [agent = "", version = "", provider = "", model = ""] = group;
  return {
    agent,
    version,
    provider,
    model,
    week: bucket === 1 ? "now" : "before",
    calls: sums("model_calls"),
    input: sums("tokens_input"),
    cached: sums("tokens_cache_read"),
  };
}

function usedBy(calls: readonly KindCalls[]): AdviceCalls["byAgent"] {
  const used = new Map<string, { readonly tools: Set<string>; readonly models: Set<string> }>();
  for (const { agent, kind, provider, model, tool } of calls) {
    const mine = used.get(agent) ?? { tools: new Set(), models: new Set() };
    used.set(agent, mine);
    if (kind === "tool") mine.tools.add(tool);
    if (kind === "llm") mine.models.add(`${provider} ${model}`);
  }
  return new Map([...used].map(([agent, { tools, models }]) => [agent, { tools: tools.size, models: models.size }]));
}
