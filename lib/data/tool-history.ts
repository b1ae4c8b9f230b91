import "server-only";

import { z } from "zod";

import type { HistoryFacts, UsualSpend } from "@/lib/core/decisions/schema";
import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";

import { TOOL_HISTORY } from "./batch-wire";
import type { Db } from "./db";

const HistoryRow = z.object({
  uses: z.number(),
  approved: z.number(),
  regretted: z.number(),
  rows_p99: z.number().nullable(),
  amount_p99: z.number().nullable(),
  seen: z.boolean(),
});

/** A question about what an agent did with a tool. `target`: digest of whom or what a call acts on, if it says. */
export type HistoryQuestion = { readonly agentId: AgentId; readonly tool: string; readonly target: string | null };

type Run = (query: ReturnType<typeof TOOL_HISTORY.query>) => Promise<{ readonly rows: unknown[] }>;

/** What agents did with tools in the last 30 days, in the order of the questions: from counters, so no slower after a year. */
export async function historiesOf(
  run: Run,
  workspaceId: WorkspaceId,
  questions: readonly HistoryQuestion[],
): Promise<readonly HistoryFacts[]> {
  const { rows } = await run(
    TOOL_HISTORY.query({
      p_workspace: workspaceId,
      p_agent: questions.map(({ agentId }) => agentId),
      p_tool: questions.map(({ tool }) => tool),
      p_target: questions.map(({ target }) => target),
    }),
  );
  return rows.map((row, index) => historyOf(row, questions[index]?.target ?? null));
}

/** What an agent did with a tool in the last 30 days. */
export async function findToolHistory(
  on: Db,
  workspaceId: WorkspaceId,
  { agentId, tool, target }: HistoryQuestion,
): Promise<HistoryFacts> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT * FROM tool_history(${workspaceId}::uuid, ARRAY[${agentId}]::uuid[], ARRAY[${tool}]::text[], ARRAY[${target}]::text[])`;
  return historyOf(rows[0], target);
}

const UsualRow = z.object({ cost_micros: z.number().nullable(), tokens: z.number().nullable() });

/** What an agent's calls of a tool usually spent in the last 30 days. */
export async function findUsualSpend(
  on: Db,
  workspaceId: WorkspaceId,
  { agentId, tool }: Pick<HistoryQuestion, "agentId" | "tool">,
): Promise<UsualSpend> {
  const rows = await on.$queryRaw<
    unknown[]
  >`SELECT * FROM usual_spend(${workspaceId}::uuid, ${agentId}::uuid, ${tool})`;
  const { cost_micros: costMicros, tokens } = UsualRow.parse(rows[0]);
  return { costMicros, tokens };
}

function historyOf(row: unknown, target: string | null): HistoryFacts {
  const known = HistoryRow.parse(row);
  return {
    uses: known.uses,
    rowsP99: known.rows_p99,
    amountP99: known.amount_p99,
    approved: Math.max(known.approved, known.regretted),
    approvedThenRolledBack: known.regretted,
    targetSeen: target === null ? null : known.seen,
  };
}
