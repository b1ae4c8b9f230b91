import "server-only";

import { Effect } from "@/lib/core/decisions/schema";
import type { StandingOutcome } from "@/lib/core/decisions/settle";
import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";

import { OUTCOME_OPEN, OUTCOME_WRITE } from "./batch-wire";
import type { Db } from "./db";
import { begin, commit, type DecisionWriters } from "./decision-writers";
import type { Values } from "./wire";

/** The tool of one of this agent's decisions; null when it made no such decision. */
export async function findDecidedTool(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  decisionId: string,
): Promise<string | null> {
  const row = await on.decision.findFirst({ where: { id: decisionId, workspaceId, agentId }, select: { tool: true } });
  return row?.tool ?? null;
}

/**
 * The dry run that a decision allowed: the one people saw, where they were asked, else the call's own. Null where there was
 * none, or it is erased.
 */
export async function findAllowedEffect(on: Db, workspaceId: WorkspaceId, decisionId: string): Promise<Effect | null> {
  const rows = await on.$queryRaw<{ effect: unknown }[]>`
    SELECT coalesce(q.call, d.call) -> 'effect' AS effect FROM decisions d
    LEFT JOIN approvals a ON a.workspace_id = d.workspace_id AND a.id = d.approval_id
    LEFT JOIN decisions q ON q.workspace_id = d.workspace_id AND q.id = a.decision_id
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.id = ${decisionId}::uuid`;
  return Effect.safeParse(rows[0]?.effect).data ?? null;
}

/** A call whose outcome is being settled, under the locks of its agent's day and its run. */
export type OpenOutcome = {
  readonly moment: string;
  readonly iso: string;
  readonly handle: string;
  readonly run_id: string;
  readonly tool: string;
  readonly action: string;
  readonly day: string | null;
  readonly standing: StandingOutcome;
};

/** What a report writes besides what was read when its call was opened. */
export type OutcomeRows = Pick<
  Values<typeof OUTCOME_WRITE.signature>,
  | "p_report"
  | "p_late"
  | "p_change"
  | "p_entry_id"
  | "p_entry_kind"
  | "p_entry_body"
  | "p_event_id"
  | "p_event_topic"
  | "p_event_payload"
  | "p_rare"
>;

/**
 * Settles one report as one transaction: locks the call, lets `judge` say what the report comes to, and writes that.
 *
 * @param judge pure work, as the locks are held meanwhile; what it returns without rows writes nothing
 * @returns null when the agent made no such call
 */
export function settleOutcome<T>(
  writers: DecisionWriters,
  {
    workspaceId,
    agentId,
    decisionId,
  }: { readonly workspaceId: WorkspaceId; readonly agentId: AgentId; readonly decisionId: string },
  judge: (open: OpenOutcome) => { readonly result: T; readonly rows: OutcomeRows | null },
): Promise<T | null> {
  return writers.use(async (writer) => {
    const about = { p_workspace: workspaceId, p_agent: agentId, p_decision: decisionId };
    const open: OpenOutcome | undefined = (await begin(writer, OUTCOME_OPEN.query(about))).rows[0];
    const judged = open === undefined ? null : judge(open);
    if (open === undefined || judged === null || judged.rows === null) {
      await writer.query("COMMIT");
      return judged?.result ?? null;
    }
    const { moment: p_moment, run_id: p_run, tool: p_tool, action: p_action, day: p_day } = open;
    const query = OUTCOME_WRITE.query({ ...about, ...judged.rows, p_moment, p_run, p_tool, p_action, p_day });
    if (!(await commit(writer, query))) throw new Error("the transaction was rolled back");
    return judged.result;
  });
}
