import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import type { Json, JsonObject } from "@/lib/core/shared/json";

import type { SourceStep } from "./calibration";
import type { Tx } from "./db";

/** A step under its new id. */
export type StandInStep = SourceStep & {
  readonly originId: string;
  readonly shiftMs: number;
  readonly actionDigest: string;
};

/** An item with the run and steps it will show. */
export type NewCalibrationItem = {
  readonly id: string;
  readonly sourceId: string;
  readonly salt: Uint8Array;
  readonly agentId: string;
  readonly session: { readonly id: string; readonly name: string };
  readonly run: { readonly id: string; readonly name: string };
  readonly driId: string;
  readonly display: JsonObject;
  readonly displayDigest: string;
  readonly actionDigest: string;
  readonly actionRef: string;
  readonly displayRef: string;
  readonly steps: readonly StandInStep[];
  readonly at: Date;
};

/** Writes an item as the commit writes a request: the same columns, the same events, and nobody to carry it out. */
export async function insertCalibrationItem(tx: Tx, workspaceId: WorkspaceId, item: NewCalibrationItem): Promise<void> {
  await insertRequest(tx, workspaceId, item);
  await tx.$executeRaw`
    INSERT INTO calibration_items (approval_id, workspace_id, source_id, salt, created_at)
    VALUES (${item.id}::uuid, ${workspaceId}::uuid, ${item.sourceId}::uuid, ${item.salt}, ${item.at})`;
  const count = (...verdicts: string[]) => item.steps.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const held = item.steps.reduce((sum, step) => sum + (step.verdict === "allow" ? step.reserved_micros : 0n), 0n);
  await tx.$executeRaw`
    INSERT INTO stand_in_runs (id, workspace_id, item_id, agent_id, session_id, session_name, external_id, steps, allowed, asked, refused,
      cost_micros, started_at, last_at)
    VALUES (${item.run.id}::uuid, ${workspaceId}::uuid, ${item.id}::uuid, ${item.agentId}::uuid, ${item.session.id}::uuid, ${item.session.name},
      ${item.run.name}, ${item.steps.length}, ${count("allow")}, ${count("require_approval")}, ${count("deny", "halt")}, ${held},
      ${item.steps[0]?.created_at ?? item.at}, ${item.at})`;
  for (const step of item.steps) await insertStep(tx, workspaceId, item, step);
  await insertEvents(tx, workspaceId, item);
}

/** The terms are the source's: what reviewers are shown says them too. */
async function insertRequest(tx: Tx, workspaceId: WorkspaceId, item: NewCalibrationItem): Promise<void> {
  const decisionId = item.steps.at(-1)?.id ?? "";
  await tx.$executeRaw`
    INSERT INTO approvals (id, workspace_id, agent_id, session_id, run_id, decision_id, tool, action_digest, manifest_version, state, display,
      display_digest, score, band, quorum, approver_role, separation_of_duties, dri_at_request, created_at, expires_at, action_ref, display_ref, base_digest, executor)
    SELECT ${item.id}::uuid, a.workspace_id, a.agent_id, ${item.session.id}::uuid, ${item.run.id}::uuid, ${decisionId}::uuid, a.tool,
      ${item.actionDigest}, a.manifest_version, 'waiting', ${json(item.display)}::jsonb, ${item.displayDigest}, a.score, a.band,
      greatest((a.display -> 'terms' ->> 'quorum')::int, CASE a.band WHEN 'critical' THEN 2 ELSE 1 END), a.approver_role, a.separation_of_duties, ${item.driId}::uuid, ${item.at},
      ${item.at}::timestamptz + make_interval(secs => (a.display -> 'terms' ->> 'timeout_seconds')::int), ${item.actionRef}, ${item.displayRef}, a.base_digest, 'none'
    FROM approvals a WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${item.sourceId}::uuid`;
}

async function insertStep(
  tx: Tx,
  workspaceId: WorkspaceId,
  item: NewCalibrationItem,
  step: StandInStep,
): Promise<void> {
  const isLast = step === item.steps.at(-1);
  await tx.$executeRaw`
    INSERT INTO stand_in_decisions (id, workspace_id, item_id, origin_id, shift, agent_id, credential_id, session_id, run_id, call_id, step, tool,
      tool_hash, action_digest, call, verdict, rule, reasons, checks, risk, facts, manifest_version, manifest_hash, approval_id, reserved_micros,
      remaining, created_at, guardrail_version, guardrail_hash)
    VALUES (${step.id}::uuid, ${workspaceId}::uuid, ${item.id}::uuid, ${step.originId}::uuid, make_interval(secs => ${step.shiftMs / 1_000}::float8),
      ${item.agentId}::uuid, ${step.credential_id}::uuid, ${item.session.id}::uuid, ${item.run.id}::uuid, ${step.call_id}, ${step.step}, ${step.tool},
      ${step.tool_hash}, ${step.actionDigest}, ${json(step.call)}::jsonb, ${step.verdict}, ${step.rule}, ${json(step.reasons)}::jsonb,
      ${json(step.checks)}::jsonb, ${json(step.risk)}::jsonb, ${json(step.facts)}::jsonb, ${step.manifest_version}, ${step.manifest_hash},
      ${isLast ? item.id : null}::uuid, ${step.reserved_micros}, ${json(step.remaining)}::jsonb, ${step.created_at}, ${step.guardrail_version},
      ${step.guardrail_hash})`;
}

/** The two events of a request that begins to wait, under the very ids the commit would give them. */
async function insertEvents(tx: Tx, workspaceId: WorkspaceId, item: NewCalibrationItem): Promise<void> {
  const decisionId = item.steps.at(-1)?.id ?? "";
  await tx.$executeRaw`
    INSERT INTO outbox (id, workspace_id, topic, payload, created_at)
    SELECT ${decisionId}::uuid, a.workspace_id, 'decision.made', jsonb_build_object('decision_id', ${decisionId}::uuid, 'agent', g.handle,
      'tool', a.tool, 'verdict', 'require_approval', 'run_id', a.run_id), ${item.at}::timestamptz FROM approvals a JOIN agents g ON g.id = a.agent_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${item.id}::uuid
    UNION ALL
    SELECT a.id, a.workspace_id, 'approval.waiting', jsonb_build_object('approval_id', a.id, 'agent', g.handle, 'tool', a.tool, 'band', a.band,
      'expires_at', iso_utc(a.expires_at)), ${item.at}::timestamptz FROM approvals a JOIN agents g ON g.id = a.agent_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${item.id}::uuid`;
  await tx.$executeRaw`SELECT pg_notify('interlock_outbox', ${workspaceId})`;
}

const json = (value: Json) => JSON.stringify(value);
