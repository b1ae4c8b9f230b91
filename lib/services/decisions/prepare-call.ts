import "server-only";

import { randomBytes } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { argsDigestOf, type Likeness, likenessOf } from "@/lib/core/approvals/likeness";
import { targetOf } from "@/lib/core/decisions/facets";
import type { Call, Decision, Facts } from "@/lib/core/decisions/schema";
import { gatesOnRisk } from "@/lib/core/manifests/compile";
import { actionDigest } from "@/lib/core/shared/digest";
import { type CatalogueTool, uncatalogued } from "@/lib/core/tools/schema";
import type { TraceParent } from "@/lib/core/traces/traceparent";
import type { Submission } from "@/lib/data/run-batch";

import type { AgentActor } from "../context";
import { payloadCommitment, sha256Hex, tallyDigest } from "./digests";
import type { Policy } from "./policy-cache";

/** What recording a call needs besides its judgement. */
export type PreparedCall = {
  readonly policy: Policy;
  readonly tool: CatalogueTool;
  /** The call in its canonical text, as it is stored and committed to. */
  readonly callText: string;
  readonly salt: Buffer;
  readonly payload: string;
  readonly trace: TraceParent | null;
};

/** A call that was evaluated with what is known without locks. */
export type EvaluatedCall = {
  readonly agent: AgentActor;
  readonly policy: Policy;
  readonly input: Call;
  readonly trace: TraceParent | null;
  readonly callText: string;
  readonly key: { readonly name: string; readonly fingerprint: string } | null;
  readonly decision: Decision;
  readonly facts: Facts;
};

/** What a call brings to its batch: what it wants locked and looked up, and what it will be judged and recorded with. */
export function prepareCall({
  agent,
  policy,
  input,
  trace,
  callText,
  key,
  decision,
  facts,
}: EvaluatedCall): Submission<PreparedCall> {
  const { source, compiled } = policy;
  const tool = policy.catalogue.get(input.tool) ?? uncatalogued(input.tool);
  const dependency = tool.dependency ?? null;
  const action = actionDigest(sha256Hex, {
    agent: source.handle,
    session: input.session_id,
    tool: input.tool,
    tool_hash: tool.hash,
    args: input.args,
    manifest_version: source.version ?? 0,
  });
  const tallies = decision.tallies.map((tally) => ({ ...tally, digest: tallyDigest(tally.key) }));
  const { dailyCostMicros, dailyTokens, maxWallClockSeconds } = decision.bounds;
  const decisionId = uuidv7();
  const salt = randomBytes(32);
  const target = targetOf(input.args);
  let likeness: Likeness | null = null;
  return {
    wanted: {
      decisionId,
      agentId: agent.agentId,
      agentEpoch: policy.agentEpoch,
      credentialId: agent.credentialId,
      session: input.session_id,
      run: input.run_id,
      tool: input.tool,
      dependency,
      action,
      key,
      maxSeconds: maxWallClockSeconds,
      tallies,
      daily:
        dailyCostMicros === null && dailyTokens === null ? null : { costMicros: dailyCostMicros, tokens: dailyTokens },
      approvalId: input.approval_id,
      asks: mayAsk(policy, input, decision) ? { argsDigest: argsDigestOf(sha256Hex, input, tool.hash) } : null,
    },
    asked: {
      decisionId,
      agentId: agent.agentId,
      compiled,
      call: input,
      dependency,
      facts,
      action,
      tallies,
      // Made only for a call that really asks.
      likeness: () => (likeness ??= likenessOf(sha256Hex, input, tool.hash)),
    },
    target: target === null ? null : sha256Hex(target),
    context: { policy, tool, callText, salt, payload: payloadCommitment(salt, callText), trace },
  };
}

/** Whether anything that is only known under the locks could still send this call to people, or it goes there already. */
function mayAsk({ compiled }: Policy, { approval_id }: Call, { verdict, tallies }: Decision): boolean {
  if (approval_id !== null) return false;
  if (verdict === "require_approval") return true;
  const isCounted = tallies.some((tally) => tally.verdict === "require_approval" && tally.most !== null);
  return verdict === "allow" && (gatesOnRisk(compiled) || isCounted);
}
