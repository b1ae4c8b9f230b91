import "server-only";

import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Tx } from "./db";

/** Where a payload stands before it is erased: `open` while people may still have to look at it. */
export type PayloadState = "kept" | "open" | "erased" | "unknown";

/** Locks a decision's row and says what its payload is. */
export async function lockPayload(tx: Tx, workspaceId: WorkspaceId, decisionId: string): Promise<PayloadState> {
  const rows = await tx.$queryRaw<{ erased: boolean; open: boolean }[]>`
    SELECT EXISTS (SELECT FROM payload_erasures x WHERE x.decision_id = d.id) AS erased,
           EXISTS (SELECT FROM approvals a WHERE a.id = d.approval_id AND a.state IN ('waiting', 'approved')
                   AND a.expires_at > clock_timestamp()) AS open
    FROM decisions d WHERE d.workspace_id = ${workspaceId}::uuid AND d.id = ${decisionId}::uuid FOR UPDATE OF d`;
  const [row] = rows;
  if (!row) return "unknown";
  return row.erased ? "erased" : row.open ? "open" : "kept";
}

/**
 * Removes everything a decision tells about its call: arguments, salt, what reviewers were shown, and every sentence
 * that may quote them. Codes, rules and numbers stay, so that lists and counts stay true.
 */
export async function erasePayload(
  tx: Tx,
  workspaceId: WorkspaceId,
  erasure: { readonly decisionId: string; readonly by: MemberId; readonly reason: string },
): Promise<void> {
  const { decisionId, by, reason } = erasure;
  await tx.$executeRaw`
    INSERT INTO payload_erasures (decision_id, workspace_id, erased_by, reason)
    VALUES (${decisionId}::uuid, ${workspaceId}::uuid, ${by}::uuid, ${reason})`;
  await tx.$executeRaw`
    UPDATE decisions d SET call = '{"erased": true}', salt = '', risk = jsonb_set(d.risk, '{factors}', '[]'),
      facts = jsonb_strip_nulls(jsonb_build_object('agent', d.facts -> 'agent', 'run', d.facts -> 'run')),
      reasons = coalesce((SELECT jsonb_agg(r || '{"message": "erased"}') FROM jsonb_array_elements(d.reasons) AS r), '[]'),
      checks = coalesce((SELECT jsonb_agg(CASE jsonb_typeof(c) WHEN 'string' THEN c ELSE c || jsonb_build_object('reasons',
        coalesce((SELECT jsonb_agg(r || '{"message": "erased"}') FROM jsonb_array_elements(c -> 'reasons') AS r), '[]')) END)
        FROM jsonb_array_elements(d.checks) AS c), '[]')
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.id = ${decisionId}::uuid`;
  // How far the run reached may name the same people. Not known counts at its worst.
  await tx.$executeRaw`
    UPDATE runs r SET reach = NULL FROM decisions d
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.id = ${decisionId}::uuid AND r.id = d.run_id`;
  await tx.$executeRaw`
    UPDATE approvals a SET display = '{"erased": true}', note = NULL, args_digest = NULL, shape_digest = NULL, shown_digest = NULL
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.decision_id = ${decisionId}::uuid`;
  // A digest without salt can be guessed. Whoever repeats the call by its key is told that it was another.
  await tx.$executeRaw`
    UPDATE idempotency_keys SET fingerprint = 'erased'
    WHERE workspace_id = ${workspaceId}::uuid AND decision_id = ${decisionId}::uuid`;
}
