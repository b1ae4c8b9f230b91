import { createHash } from "node:crypto";

import { quorumOf } from "@/lib/core/approvals/schema";
import { applyBounds } from "@/lib/core/decisions/bounds";
import { bandOf } from "@/lib/core/decisions/class-risk";
import { ENGINE } from "@/lib/core/decisions/engine";
import { NO_RESERVES } from "@/lib/core/decisions/reserve";
import { Call, type Decision, type Verdict } from "@/lib/core/decisions/schema";
import { decideAgain } from "@/lib/core/decisions/stored-facts";
import type { KeptPayload } from "@/lib/core/ledger/bundle-line";
import type { Findings } from "@/lib/core/ledger/finding";
import type { CompiledManifest } from "@/lib/core/manifests/compile";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { actionDigest } from "@/lib/core/shared/digest";
import type { ToolStatus } from "@/lib/core/tools/schema";

import type { Approvals } from "./approvals";
import type { Archive } from "./archive";
import { type DecisionEntry, factsOf, type KnownFacts } from "./facts";
import { sha256Hex } from "./hex";

/** Reasons for which the commit may refuse a call that names an approval. */
const APPROVAL_FAULTS =
  /^(approval_(action_mismatch|base_moved|consumed|denied|expired|waiting|not_found|returned|withdrawn|superseded)|quorum_lost)$/;

type Judging = { readonly archive: Archive; readonly approvals: Approvals; readonly findings: Findings };

/** What a decision's payload record came to: judged again, judged from facts that nothing binds, or why not. */
export type Judged = "judged" | "unproven" | "wrong" | "incomplete";

/**
 * Judges a recorded decision again from its archived manifest, tool definition, call and facts.
 *
 * @param quarantined whether the log ever said that this definition waits for a person
 */
export function judgeDecision(
  entry: DecisionEntry,
  payload: KeptPayload,
  { index, quarantined }: { readonly index: number; readonly quarantined: boolean },
  { archive, approvals, findings }: Judging,
): Judged {
  const wrong = (code: string, message: string): Judged => {
    findings.add("tampered", code, index, message);
    return "wrong";
  };
  const incomplete = (code: string, message: string): Judged => {
    findings.add("incomplete", code, index, message);
    return "incomplete";
  };
  const fault = callFault(entry, payload);
  if (fault !== null) return wrong(...fault);
  const call = Call.safeParse(payload.call);
  if (!call.success) return incomplete("call_unreadable", "This version cannot read the call.");
  const known = factsOf(entry, "beside" in payload ? payload.beside : payload.facts);
  if (known === null) return incomplete("facts_unreadable", "The facts it was decided by are not there.");

  const policies: (CompiledManifest | null)[] = [];
  for (const status of quarantined ? (["active", "quarantined"] as const) : (["active"] as const)) {
    const policy = policyOf(entry, status, archive);
    if (policy !== null && "missing" in policy)
      return incomplete(`missing_${policy.missing}`, `The ${policy.missing} it was decided by is not in the file.`);
    policies.push(policy);
  }
  const answers = policies.flatMap((policy) => answersOf(policy, call.data, known));
  const { engine } = known.facts;
  const isWhole = known.attested && engine >= FIRST_WHOLE_ENGINE;
  const isHolding = known.attested && engine >= FIRST_HOLDING_ENGINE;
  const match = answers.find(
    (answer) =>
      agrees(entry, call.data, answer) &&
      (!isWhole || saysTheSame(entry, answer)) &&
      (!isHolding || holdsTheSame(entry, answer)),
  );
  if (match === undefined) {
    const given = [...new Set(answers.map((answer) => told(resultOf(answer))))].join(" or ");
    const recorded = `Recorded is ${told(entry)}; manifest, tool, call and facts give ${given}`;
    if (engine === ENGINE) return wrong("wrong_verdict", `${recorded}.`);
    const advice = "judge it with the verifier of that version";
    return incomplete(
      "other_engine",
      `${recorded} by engine ${ENGINE}. It was decided by engine ${engine}: ${advice}.`,
    );
  }
  if (entry.verdict === "require_approval" && entry.approval !== null) {
    const quorum = quorumOf({ quorum: match.approval.quorum, band: bandOf(entry.score) });
    approvals.terms(entry.approval, index, { quorum, timeoutSeconds: match.approval.timeoutSeconds });
  }
  if (entry.beside !== undefined) return "judged";
  findings.add(
    "incomplete",
    "unproven_facts",
    index,
    "Its verdict follows, but from facts that its entry does not bind.",
  );
  return "unproven";
}

/** Whether the payload is the one the entry commits to and is about; null when it is. */
function callFault(entry: DecisionEntry, payload: KeptPayload): readonly [string, string] | null {
  const { call, salt } = payload;
  const salted = (text: string) =>
    createHash("sha256").update(Buffer.from(salt, "hex")).update(text, "utf8").digest("hex");
  if (salted(canonicalJson(call)) !== entry.payload)
    return ["changed_payload", "The call is not the one the entry commits to."];
  if ("beside" in payload !== (entry.facts !== undefined))
    return ["malformed", "Beside its call stand other members than its entry's version has there."];
  if (entry.beside !== undefined && !("beside" in payload && salted(canonicalJson(payload.beside)) === entry.beside))
    return ["changed_facts", "What stands beside the call is not what the entry commits to."];
  const { session_id, run_id, tool, args } = call;
  if (session_id !== entry.session || run_id !== entry.run || tool !== entry.tool)
    return ["other_call", "The entry names another session, run or tool than its call."];
  const digest = actionDigest(sha256Hex, {
    agent: entry.agent,
    session: entry.session,
    tool: entry.tool,
    tool_hash: entry.tool_hash,
    args: args ?? null,
    manifest_version: entry.manifest_version ?? 0,
  });
  const isSame = entry.action === undefined ? digest === entry.action_digest : salted(digest) === entry.action;
  return isSame ? null : ["wrong_digest", "The action digest is not that of the call."];
}

function policyOf(entry: DecisionEntry, status: ToolStatus, archive: Archive) {
  if (entry.manifest_version === null || entry.manifest_hash === null) return null;
  return archive.policy({
    manifest: entry.manifest_hash,
    version: entry.manifest_version,
    guardrail:
      entry.guardrail_version === null || entry.guardrail_hash === null
        ? null
        : { version: entry.guardrail_version, hash: entry.guardrail_hash },
    tool: entry.tool_hash,
    status,
  });
}

/**
 * What the engine may have answered. Where the entry holds the facts there is one answer. Before, the run was looked up
 * for some calls only and its bounds judged again in the commit, so both ways of knowing it count.
 */
function answersOf(policy: CompiledManifest | null, call: Call, { facts, attested }: KnownFacts): Decision[] {
  const whole = decideAgain(policy, call, facts);
  if (attested) return [whole];
  const blind = decideAgain(policy, call, { ...facts, run: null });
  const bounded = facts.run === null ? null : applyBounds(blind, facts.run);
  return [whole, bounded?.verdict === "halt" ? { ...blind, verdict: "halt", rule: bounded.rule } : blind];
}

/** From this engine on everything an entry says was judged from the facts it holds; before, the commit added words and counts. */
const FIRST_WHOLE_ENGINE = 4;

/** From this engine on an entry says where the amounts come from that its call holds. */
const FIRST_HOLDING_ENGINE = 5;

/** An entry holds no more codes than this. */
const MOST_REASONS = 20;

type Result = Pick<DecisionEntry, "verdict" | "rule" | "score" | "reasons" | "reserved_micros" | "reserved_tokens">;

const resultOf = ({ verdict, rule, risk, reasons, reserves }: Decision): Result => ({
  verdict,
  rule,
  score: risk.score,
  reasons: reasons.slice(0, MOST_REASONS).map(({ code }) => code),
  reserved_micros: verdict === "allow" ? reserves.cost.amount : 0,
  reserved_tokens: verdict === "allow" ? reserves.tokens.amount : 0,
});

/** Whether score and reasons follow from the facts as well. */
function saysTheSame(entry: DecisionEntry, answer: Decision): boolean {
  const { score, reasons } = resultOf(answer);
  return score === entry.score && reasons.join() === entry.reasons.join();
}

/** Whether the amounts that the call holds, and where they come from, follow from the facts. */
function holdsTheSame(entry: DecisionEntry, { verdict, reserves }: Decision): boolean {
  const { cost, tokens } = verdict === "allow" ? reserves : NO_RESERVES;
  const held = [entry.reserved_micros, entry.reserved_by?.cost, entry.reserved_tokens, entry.reserved_by?.tokens];
  return held.join() === [cost.amount, cost.by, tokens.amount, tokens.by].join();
}

const told = ({ verdict, rule, score, reasons, reserved_micros: micros, reserved_tokens: tokens }: Result) =>
  [
    `${verdict} (${rule ?? "no rule"}), risk ${score}`,
    ...(reasons.length === 0 ? [] : [`for ${reasons.join(", ")}`]),
    ...(micros + tokens === 0 ? [] : [`holding ${micros} millionths of a USD and ${tokens} tokens`]),
  ].join(", ");

/** Whether an answer of the engine, after what the commit may do to it, is the recorded one. */
function agrees(entry: DecisionEntry, call: Call, answer: Decision): boolean {
  if (answer.rule === "approval")
    return entry.verdict === answer.verdict && entry.rule === "approval" && entry.approval === call.approval_id;
  // Before approvals were among the facts, the engine did not know what became of the one that a call named.
  const asksFirst: Verdict[] = ["allow", "require_approval"];
  if (call.approval_id !== null && asksFirst.includes(answer.verdict)) {
    if (entry.rule !== "approval") return false;
    if (entry.verdict === "allow") return entry.approval === call.approval_id;
    return entry.verdict === "deny" && entry.reasons.some((reason) => APPROVAL_FAULTS.test(reason));
  }
  // A run that was halted before names what halted it; the engine only knows that it was.
  const wasHalted = entry.verdict === "halt" && entry.run_before.state === "halted";
  return entry.verdict === answer.verdict && (wasHalted || entry.rule === answer.rule);
}
