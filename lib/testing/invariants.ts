import { randomUUID } from "node:crypto";

import { WorkspaceId } from "@/lib/core/shared/brand";
import { workspaceDb } from "@/lib/data/db";
import { sequenceLedger } from "@/lib/services/ledger/sequence-ledger";

import type { Sent } from "./history";
import { approvalViolations } from "./invariants/approvals";
import { budgetViolations } from "./invariants/budgets";
import { clientViolations } from "./invariants/client-side";
import { digestViolations, executionViolations } from "./invariants/executions";
import { keyViolations, recordViolations, treeViolations } from "./invariants/ledger";
import { haltViolations, orderViolations } from "./invariants/order";
import { replayViolations } from "./invariants/replay";
import { readState } from "./invariants/state";
import { tenancyViolations } from "./invariants/tenancy";
import type { Violation } from "./invariants/violation";
import { connectOwner, type Owner } from "./owner";

/**
 * Everything in a workspace that breaks an invariant of the design, as far as the database and the clients' own log can
 * show it: 1 to 11, 13, 14 and 16. Any test may end with it; an empty list is what it hopes for.
 *
 * @param history what the clients asked and were told, if they kept it
 */
export async function checkInvariants(
  workspaceId: string,
  history: readonly Sent[] = [],
  databaseUrl?: string,
): Promise<readonly Violation[]> {
  const owner = await connectOwner(databaseUrl);
  try {
    await owner.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return await violationsIn(owner, workspaceId, history);
  } finally {
    await owner.end();
  }
}

/** The same of whatever this connection sees. */
export async function violationsIn(
  on: Owner,
  workspaceId: string,
  history: readonly Sent[] = [],
): Promise<readonly Violation[]> {
  const state = await readState(on, workspaceId);
  return [
    ...executionViolations(state),
    ...approvalViolations(state),
    ...digestViolations(state),
    ...budgetViolations(state),
    ...keyViolations(state),
    ...recordViolations(state),
    ...treeViolations(state),
    ...orderViolations(state),
    ...replayViolations(state),
    ...haltViolations(state),
    ...clientViolations(state, history),
    ...(await tenancyViolations(on, workspaceId)),
  ];
}

/** Does what the ledger's job would do now; a test runs without the job. */
export async function sequence(workspaceId: string): Promise<void> {
  const id = WorkspaceId.parse(workspaceId);
  const actor = { kind: "system", job: "test" } as const;
  await sequenceLedger({ workspaceId: id, actor, requestId: randomUUID(), now: new Date(), db: workspaceDb(id) });
}
