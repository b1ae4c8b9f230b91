import { type CompiledManifest, DEFAULT_TERMS, UNBOUNDED } from "@/lib/core/manifests/compile";
import type { CompiledTool } from "@/lib/core/manifests/compile-tool";
import { talliesOf } from "@/lib/core/manifests/compile-tallies";
import { microsOf } from "@/lib/core/shared/money";
import { uncatalogued } from "@/lib/core/tools/schema";

import { checkBounds } from "./bounds";
import { checkApproval } from "./check-approval";
import { checkAsking } from "./check-asking";
import { checkArguments, checkConstraints } from "./check-arguments";
import { checkContext, contextAge } from "./check-context";
import { checkControl, NO_ACTIVE_MANIFEST } from "./check-control";
import { checkEnvironment } from "./check-environment";
import { checkNamed } from "./check-named";
import { checkTallies } from "./check-tallies";
import { checkAllowed, checkBlocked, type NamedTool, namedTool } from "./check-tools";
import { type AssessedRisk, classRisk } from "./class-risk";
import { NO_REASONS } from "./results";
import { assessRisk } from "./risk";
import { DEFAULT_WEIGHTS } from "./risk-weights";
import {
  type Call,
  type CheckResult,
  type Decision,
  type Facts,
  type Risk,
  type Tally,
  VERDICTS,
  type Verdict,
} from "./schema";

/**
 * Decides one call, in the order of `design.md` §3.1. Pure and total: the same manifest, catalogue, call and facts give
 * the same answer on every machine, and nothing is ever thrown.
 *
 * The strictest check wins. The first refusal among checks 1 to 7 ends them; bounds are checked all the same, as a halt
 * outranks a refusal. Every check that ran is kept. An allowed tool is a grant and needs certainty; everything else
 * only takes away, so neither a further restriction nor a fact withheld loosens an answer.
 */
export function decide(compiled: CompiledManifest | null, call: Call, facts: Facts): Decision {
  try {
    return compiled === null ? undecided(call, facts) : judged(compiled, call, facts);
  } catch {
    // Nothing below is meant to throw. If it does, that is our bug, and our bugs allow nothing.
    return broken(compiled);
  }
}

function judged(compiled: CompiledManifest, call: Call, facts: Facts): Decision {
  const checks: CheckResult[] = [];
  const named = namedTool(compiled, call);
  const asked = {
    bounds: compiled.bounds,
    reserveMicros: reserveOf(call),
    reserveTokens: call.estimate?.tokens ?? 0,
    isSingleUse: call.approval_id !== null,
  };
  const grant = permitted(checks, { compiled, named, call, facts });
  const isBounded = refuses(checks, checkBounds(asked, facts.run));
  const tallies = grant === null ? NO_TALLIES : talliesOf(grant.tallies, call);
  const assessed = riskOf(compiled, named.tool, { call, facts });
  const isAllowed =
    grant !== null && !isHeld(checks, grant, { compiled, call, facts, assessed, tallies }) && !isBounded;
  const wanted = isAllowed ? "allow" : strictest(checks);
  const last = lastCheck(wanted, call, facts);
  if (last !== null) checks.push(last);
  // An approval that is named settles the call: by itself, and with its own reason alone.
  const byApproval = call.approval_id === null ? null : last;
  const verdict = byApproval?.verdict ?? (last === null || last.verdict === "allow" ? wanted : last.verdict);
  return {
    verdict,
    rule: byApproval?.rule ?? (isAllowed ? grant.rule : ruleOf(checks, verdict)),
    reasons: byApproval?.reasons ?? (isAllowed ? NO_REASONS : reasonsOf(checks, verdict)),
    checks,
    risk: assessed.risk,
    ...asked,
    tallies,
    approval: named.tool?.terms ?? compiled.terms,
  };
}

/**
 * What is looked at last, for a call that nothing refuses: the approval it names, which must be good for it, or else
 * whether it may ask people. Null where neither is known or wanted.
 */
function lastCheck(wanted: Verdict, call: Call, { asking, approval, now }: Facts): CheckResult | null {
  if (call.approval_id !== null) {
    if (wanted !== "allow" && wanted !== "require_approval") return null;
    return approval ? checkNamed(approval) : null;
  }
  return wanted === "require_approval" && asking ? checkAsking(asking, now) : null;
}

const NO_TALLIES: readonly Tally[] = Object.freeze([]);

type Held = Omit<Question, "named"> & { readonly assessed: AssessedRisk; readonly tallies: readonly Tally[] };

/** Checks 9 to 11, all of them, for a call that checks 1 to 7 let pass. */
function isHeld(
  checks: CheckResult[],
  tool: CompiledTool,
  { compiled, call, facts, assessed, tallies }: Held,
): boolean {
  const byCount = refuses(checks, checkTallies(tallies, facts.tallies));
  const byLevel = refuses(checks, tool.levels[facts.agent.level]);
  const byRule = refuses(checks, checkApproval(compiled, tool, { call, facts, risk: assessed }));
  return byCount || byLevel || byRule;
}

type Question = {
  readonly compiled: CompiledManifest;
  readonly named: NamedTool;
  readonly call: Call;
  readonly facts: Facts;
};

/** Checks 1 to 7, up to the first that refuses; the tool if none does. */
function permitted(checks: CheckResult[], { compiled, named, call, facts }: Question): CompiledTool | null {
  const { tool } = named;
  const isRefused =
    refuses(checks, checkControl(facts, tool?.reversibility)) ||
    refuses(checks, checkBlocked(compiled, named)) ||
    refuses(checks, checkAllowed(compiled, named)) ||
    tool === undefined ||
    refuses(checks, checkEnvironment(tool, facts)) ||
    refuses(checks, checkArguments(tool, call.args)) ||
    refuses(checks, checkConstraints(compiled, tool, call.args)) ||
    refuses(checks, checkContext(compiled, tool, { call, facts }));
  return isRefused ? null : tool;
}

function refuses(checks: CheckResult[], result: CheckResult): boolean {
  checks.push(result);
  return result.verdict !== "allow";
}

const RANK: Readonly<Record<Verdict, number>> = { allow: 0, require_approval: 1, recommend: 2, deny: 3, halt: 4 };

/** For a call that is not allowed, so at least one check says why; were there none, it is denied all the same. */
function strictest(checks: readonly CheckResult[]): Verdict {
  let rank = 0;
  for (const { verdict } of checks) if (RANK[verdict] > rank) rank = RANK[verdict];
  return rank === 0 ? "deny" : (VERDICTS[rank] ?? "halt");
}

/** The first check that gave the verdict; of two that ask, the manifest's own rule before the level table. */
function ruleOf(checks: readonly CheckResult[], verdict: Verdict): string | null {
  const settling = checks.filter((check) => check.verdict === verdict);
  const specific = verdict === "require_approval" ? settling.find(({ check }) => check === "approval") : undefined;
  return (specific ?? settling[0])?.rule ?? null;
}

/** Those that settled the verdict first, then what else was found. */
function reasonsOf(checks: readonly CheckResult[], verdict: Verdict): Decision["reasons"] {
  const found = checks.filter((check) => check.verdict !== "allow");
  const settling = found.filter((check) => check.verdict === verdict);
  // `approval` comes after `level` in the order of checks and before it in importance.
  if (verdict === "require_approval") settling.reverse();
  const only = settling[0];
  if (found.length === 1 && only !== undefined) return only.reasons;
  return [...settling, ...found.filter((check) => check.verdict !== verdict)].flatMap(({ reasons }) => reasons);
}

/** What this call may cost, to be held while it runs; a claim that is no amount holds nothing and is not believed. */
function reserveOf({ estimate }: Call): number {
  const usd = estimate?.cost_usd;
  return usd === undefined || usd <= 0 ? 0 : microsOf(usd);
}

function riskOf(
  compiled: CompiledManifest,
  tool: CompiledTool | undefined,
  { call, facts }: { readonly call: Call; readonly facts: Facts },
): AssessedRisk {
  const { run, history, reach, now, agent } = facts;
  const weights = compiled.riskWeights;
  if (tool !== undefined) {
    const { risk, reversibility } = tool;
    const age = contextAge(tool, call, now);
    const base = risk[agent.environment];
    return assessRisk({ base, reversibility, weights, call, contextAge: age, run, history, reach });
  }
  const { reversibility, blastRadius } = compiled.catalogue.get(call.tool) ?? uncatalogued(call.tool);
  const base = classRisk(weights, reversibility, blastRadius)[agent.environment];
  return assessRisk({ base, reversibility, weights, call, contextAge: null, run, history, reach });
}

function undecided(call: Call, facts: Facts): Decision {
  const control = checkControl(facts, undefined);
  const checks = control.verdict === "allow" ? [control, NO_ACTIVE_MANIFEST] : [control];
  const verdict = strictest(checks);
  const base = classRisk(DEFAULT_WEIGHTS, "irreversible", "high")[facts.agent.environment];
  const { run, history, reach } = facts;
  const { risk } = assessRisk({
    base,
    reversibility: "irreversible",
    weights: DEFAULT_WEIGHTS,
    call,
    contextAge: null,
    run,
    history,
    reach,
  });
  return {
    verdict,
    rule: ruleOf(checks, verdict),
    reasons: reasonsOf(checks, verdict),
    checks,
    risk,
    bounds: UNBOUNDED,
    reserveMicros: 0,
    reserveTokens: 0,
    isSingleUse: false,
    tallies: NO_TALLIES,
    approval: DEFAULT_TERMS,
  };
}

const UNKNOWN_RISK: Risk = Object.freeze({
  score: 100,
  band: "critical",
  factors: [{ points: 100, why: "the call could not be judged" }],
});

function broken(compiled: CompiledManifest | null): Decision {
  const message = "The call could not be judged because of an error on our side; nothing was allowed.";
  const reasons = [{ code: "internal_error", message, path: "" }];
  return {
    verdict: "deny",
    rule: "internal_error",
    reasons,
    checks: [{ check: "control", verdict: "deny", rule: "internal_error", reasons }],
    risk: UNKNOWN_RISK,
    bounds: compiled?.bounds ?? UNBOUNDED,
    reserveMicros: 0,
    reserveTokens: 0,
    isSingleUse: false,
    tallies: NO_TALLIES,
    approval: compiled?.terms ?? DEFAULT_TERMS,
  };
}
