import { createHash } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { type Display, displayOf } from "@/lib/core/approvals/display";
import { NO_RESERVES } from "@/lib/core/decisions/reserve";
import { type Band, Call } from "@/lib/core/decisions/schema";
import { UNBOUNDED } from "@/lib/core/manifests/compile";
import { AgentId, CredentialId } from "@/lib/core/shared/brand";
import { digestOf } from "@/lib/core/shared/digest";
import { uncatalogued } from "@/lib/core/tools/schema";
import { transact } from "@/lib/data/db";
import type { AgentActor, ServiceContext } from "@/lib/services/context";

import type { Person, Tenant } from "./tenant";

const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");
const SCORES: Record<Band, number> = { low: 10, elevated: 30, high: 60, critical: 90 };

export type GivenApproval = {
  readonly id: string;
  readonly digest: string;
  readonly agentId: AgentId;
  /** The agent, asking with its key. */
  readonly agent: ServiceContext & { readonly actor: AgentActor };
};

type Wanted = {
  readonly dri: Person;
  readonly band?: Band;
  readonly quorum?: number;
  /** Milliseconds until it expires, by the database's clock; less than 0 has expired. */
  readonly expiresInMs?: number;
  readonly call?: Record<string, unknown>;
  /** An agent that is there already. */
  readonly agentId?: AgentId;
};

/** A request that waits, with the agent, session, run and decision it belongs to. */
export async function givenApproval(tenant: Tenant, wanted: Wanted): Promise<GivenApproval> {
  const { workspaceId, system } = tenant;
  const [id, sessionId, runId, decisionId] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  const agentId = wanted.agentId ?? AgentId.parse(uuidv7());
  const display = displayFor(wanted);
  const digest = digestOf(sha256Hex, display);
  const actionDigest = sha256Hex(id);
  const call = { args: display.args, context: [], effect: display.effect };
  await transact(system.db, async (tx) => {
    if (!wanted.agentId) {
      await tx.$executeRaw`INSERT INTO agents (id, workspace_id, handle, task, dri_id, environment, status, level)
        VALUES (${agentId}::uuid, ${workspaceId}::uuid, ${`agent-${agentId.slice(-12)}`}, 'test', ${wanted.dri.actor.memberId}::uuid, 'production', 'active', 3)`;
    }
    await tx.$executeRaw`INSERT INTO sessions (id, workspace_id, agent_id, external_id) VALUES (${sessionId}::uuid, ${workspaceId}::uuid, ${agentId}::uuid, ${sessionId})`;
    await tx.$executeRaw`INSERT INTO runs (id, workspace_id, agent_id, session_id, external_id, started_at, last_at)
      VALUES (${runId}::uuid, ${workspaceId}::uuid, ${agentId}::uuid, ${sessionId}::uuid, ${runId}, clock_timestamp(), clock_timestamp())`;
    await tx.$executeRaw`INSERT INTO decisions (id, workspace_id, agent_id, session_id, run_id, call_id, step, tool, tool_hash, action_digest, call, salt,
        verdict, reasons, checks, risk, facts, remaining, approval_id, created_at)
      VALUES (${decisionId}::uuid, ${workspaceId}::uuid, ${agentId}::uuid, ${sessionId}::uuid, ${runId}::uuid, '', 1, 'send_customer_email', 'h', ${actionDigest},
        ${JSON.stringify(call)}::jsonb, '', 'require_approval', '[]', '[]', '{}', '{}', '{}', ${id}::uuid, clock_timestamp())`;
    await tx.$executeRaw`INSERT INTO approvals (id, workspace_id, agent_id, session_id, run_id, decision_id, tool, action_digest, manifest_version, state,
        display, display_digest, score, band, quorum, approver_role, separation_of_duties, dri_at_request, created_at, expires_at)
      VALUES (${id}::uuid, ${workspaceId}::uuid, ${agentId}::uuid, ${sessionId}::uuid, ${runId}::uuid, ${decisionId}::uuid, 'send_customer_email', ${actionDigest}, 1,
        'waiting', ${JSON.stringify(display)}::jsonb, ${digest}, ${display.risk.score}, ${display.risk.band}, ${wanted.quorum ?? 1}, 'reviewer', true,
        ${wanted.dri.actor.memberId}::uuid, clock_timestamp(), clock_timestamp() + make_interval(secs => ${(wanted.expiresInMs ?? 300_000) / 1000}))`;
  });
  const actor: AgentActor = { kind: "agent", agentId, credentialId: CredentialId.parse(uuidv7()), scopes: ["decide"] };
  return { id, digest, agentId, agent: { ...system, actor } };
}

/** What reviewers of a test's request are shown. */
export function displayFor({
  band = "elevated",
  quorum = 1,
  call = {},
}: Pick<Wanted, "band" | "quorum" | "call">): Display {
  return displayOf({
    call: Call.parse({
      session_id: "s-1",
      run_id: "r-1",
      tool: "send_customer_email",
      args: { to: "a@example.com" },
      ...call,
    }),
    decision: {
      verdict: "require_approval",
      rule: "tools.allowed[2].requires_approval",
      reasons: [{ code: "requires_approval", message: "This tool needs a person.", path: "/tools/allowed/2" }],
      checks: [],
      risk: { score: SCORES[band], band, factors: [{ points: SCORES[band], why: "it cannot be undone" }] },
      bounds: UNBOUNDED,
      reserves: NO_RESERVES,
      isSingleUse: false,
      tallies: [],
      approval: { timeoutSeconds: 300, quorum, approverRole: "reviewer", separationOfDuties: true },
    },
    agent: {
      handle: "support",
      task: "Answers customers",
      environment: "production",
      level: 3,
      dri: { name: "Dri", email: "dri@example.com" },
    },
    tool: uncatalogued("send_customer_email"),
    manifest: { version: 1, hash: "m" },
    actionDigest: "d",
  });
}
