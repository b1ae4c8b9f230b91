import "server-only";

import type { Windows } from "@/lib/core/advice/windows";
import { partsOfPeriod } from "@/lib/core/figures/parts";
import type { SpendQuestion } from "@/lib/data/trace-store";

import type { ServiceContext } from "../context";
import { traceStore } from "../traces/stores";

/** Calls of a week by what they were. */
type WeekCalls = {
  /** The agent's id. */
  readonly agent: string;
  readonly version: string;
  readonly kind: string;
  readonly provider: string;
  readonly model: string;
  readonly tool: string;
  readonly week: "now" | "before";
  readonly events: number;
  readonly modelCalls: bigint;
  readonly input: bigint;
  readonly cached: bigint;
};

/** What the rollups of spend know of two weeks. */
export type AdviceCalls = {
  readonly rows: readonly WeekCalls[];
  /** How many tools and models each agent used, by its id. */
  readonly byAgent: ReadonlyMap<string, { readonly tools: number; readonly models: number }>;
  /** Events by the MCP server they name. */
  readonly servers: ReadonlyMap<string, number>;
  /** How many skills events name. */
  readonly skills: number;
};

const BY = ["agent", "version", "kind", "provider", "model", "tool"] as const;

/** Reads the calls of two weeks from the rollups. */
export async function readCalls({ workspaceId }: ServiceContext, windows: Windows): Promise<AdviceCalls> {
  const whole = partsOfPeriod(windows.all);
  const weeks = [windows.before, windows.now].flatMap((week, bucket) =>
    partsOfPeriod(week).map((part) => ({ ...part, bucket })),
  );
  const named = (dimension: "mcp_server" | "skill"): SpendQuestion => ({
    from: "values",
    dimension,
    by: ["value"],
    parts: whole,
    measures: ["events"],
  });
  const [calls = [], servers = [], skills = []] = await traceStore.spend(workspaceId, [
    {
      from: "calls",
      by: BY,
      where: {},
      parts: weeks,
      measures: ["events", "model_calls", "tokens_input", "tokens_cache_read"],
    },
    named("mcp_server"),
    named("skill"),
  ]);
  const rows = calls.map(({ bucket, group, sums }): WeekCalls => {
    const [agent = "", version = "", kind = "", provider = "", model = "", tool = ""] = group;
    return {
      agent,
      version,
      kind,
      provider,
      model,
      tool,
      week: bucket === 1 ? "now" : "before",
      events: Number(sums("events")),
      modelCalls: sums("model_calls"),
      input: sums("tokens_input"),
      cached: sums("tokens_cache_read"),
    };
  });
  return {
    rows,
    byAgent: usedBy(rows),
    servers: new Map(servers.map(({ group, sums }) => [group[0] ?? "", Number(sums("events"))])),
    skills: skills.length,
  };
}

function usedBy(rows: readonly WeekCalls[]): AdviceCalls["byAgent"] {
  const used = new Map<string, { readonly tools: Set<string>; readonly models: Set<string> }>();
  for (const { agent, kind, provider, model, tool } of rows) {
    const mine = used.get(agent) ?? { tools: new Set(), models: new Set() };
    used.set(agent, mine);
    if (kind === "tool") mine.tools.add(tool);
    if (kind === "llm") mine.models.add(`${provider} ${model}`);
  }
  return new Map([...used].map(([agent, { tools, models }]) => [agent, { tools: tools.size, models: models.size }]));
}
