import { faultOf, type StandingApproval } from "@/lib/core/decisions/standing";

import { connectOwner } from "./owner";

type Row = { approvals: StandingApproval[] | null; dri: string; seconds: number };

/** Why an approval could not be used now for its own action; null when it could. What the commit would find. */
export async function faultNow(approvalId: string): Promise<string | null> {
  const owner = await connectOwner();
  try {
    const { rows } = await owner.query<Row>(
      `SELECT batch_lock_approvals(a.workspace_id, ARRAY[a.id], '{}', '{}') AS approvals, g.dri_id AS dri,
         extract(epoch FROM clock_timestamp())::float8 AS seconds
       FROM approvals a JOIN agents g ON g.id = a.agent_id WHERE a.id = $1`,
      [approvalId],
    );
    const [row] = rows;
    const approval = row?.approvals?.[0];
    if (!row || !approval) return "approval_not_found";
    const { agent, action, base } = approval;
    return faultOf(approval, { agent, action, base, dri: row.dri }, row.seconds);
  } finally {
    await owner.end();
  }
}
