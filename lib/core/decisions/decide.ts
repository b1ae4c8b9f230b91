import { type CompiledManifest, DEFAULT_TERMS, UNBOUNDED } from "@/lib/core/manifests/compile";
import type { CompiledTool } from "@/lib/core/manifests/compile-tool";
import { talliesOf } from "@/lib/core/manifests/compile-tallies";
import { UNCATALOGUED_CLASS } from "@/lib/core/tools/schema";

import { type Bounded, checkBounds, FIRST_CALL } from "./bounds";
import { checkApproval } from "./check-approval";
import { checkAsking } from "./check-asking";
import { checkArguments, checkConstraints } from "./check-arguments";
import { checkContext, contextAge } from "./check-context";
import { checkControl, NO_ACTIVE_MANIFEST } from "./check-control";
import { checkEnvironment } from "./check-environment";
import { checkNamed } from "./check-named";
import { checkTallies } from "./check-tallies";
import { checkAllowed, checkBlocked, type NamedTool, namedTool } from "./check-tools";
import { type AssessedRisk, DEFAULT_RISKS } from "./class-risk";
import { NO_RESERVES, reservesOf } from "./reserve";
import { finding, NO_REASONS } from "./results";
import { assessRisk } from "./risk";
import { DEFAULT_WEIGHTS } from "./risk-weights";
import {
  type Call,
  type CheckResult,
  type Decision,
  type Facts,
  type Risk,
  strictness,
  type Tally,
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

const NO_TALLIES: readonly Tally[] = Object.freeze([]);

function judged(compiled: CompiledManifest, call: Call, facts: Facts): Decision {
  const checks: CheckResult[] = [];
  const named = namedTool(compiled, call);
  const { bounds } = compiled;
  const asked: Bounded = {
    bounds,
    reserves: reservesOf(call, { bounds, run: facts.run ?? FIRST_CALL, usual: facts.usual ?? null }),
    isSingleUse: call.approval_id !== null,
  };
  const tool = permitted(checks, { compiled, named, call, facts });
  const withinBounds = passes(checks, checkBounds(asked, facts.run));
  const tallies = tool === null ? NO_TALLIES : talliesOf(tool.tallies, call, named.reading);
  const assessed = riskOf(compiled, named.tool, { call, facts });
  const isFree = tool !== null && runsFreely(checks, tool, { compiled, call, facts, assessed, tallies });
  const settled = settle(checks, isFree && withinBounds ? granted(tool) : settledBy(checks), call, facts);
  return decisionOf(settled, {
    checks,
    risk: assessed.risk,
    asked,
    tallies,
    approval: named.tool?.terms ?? compiled.terms,
  });
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
  const isPermitted =
    passes(checks, checkControl(facts, tool?.reversibility)) &&
    passes(checks, checkBlocked(compiled, named)) &&
    passes(checks, checkAllowed(compiled, named)) &&
    tool !== undefined &&
    passes(checks, checkEnvironment(tool, facts)) &&
    passes(checks, checkArguments(tool, call.args)) &&
    passes(checks, checkConstraints(compiled, tool, { args: call.args, reading: named.reading })) &&
    passes(checks, checkContext(compiled, tool, { call, facts }));
  return isPermitted ? tool : null;
}

type Held = Omit<Question, "named"> & { readonly assessed: AssessedRisk; readonly tallies: readonly Tally[] };

/** Checks 9 to 11, all of them, for a call that checks 1 to 7 let pass. */
function runsFreely(
  checks: CheckResult[],
  tool: CompiledTool,
  { compiled, call, facts, assessed, tallies }: Held,
): boolean {
  const byCount = passes(checks, checkTallies(tallies, facts.tallies));
  const byLevel = passes(checks, tool.levels[facts.agent.level]);
  const byRule = passes(checks, checkApproval(compiled, tool, { call, facts, risk: assessed }));
  return byCount && byLevel && byRule;
}

/** Keeps what a check found; whether it lets the call pass. */
function passes(checks: CheckResult[], result: CheckResult): boolean {
  checks.push(result);
  return result.verdict === "allow";
}

/** The verdict of all checks, the rule that settled it and why. */
type Settled = Pick<Decision, "verdict" | "rule" | "reasons">;

/** An allowed call is settled by the entry that grants its tool. */
const granted = ({ rule }: CompiledTool): Settled => ({ verdict: "allow", rule, reasons: NO_REASONS });

/**
 * Looks last, for a call that nothing refuses, at the approval it names, which settles the call by itself and with its own
 * reason alone; or else at whether it may ask people.
 */
function settle(checks: CheckResult[], settled: Settled, call: Call, { asking, approval, now }: Facts): Settled {
  const asksPeople = settled.verdict === "require_approval";
  if (call.approval_id !== null) {
    if (!approval || !(asksPeople || settled.verdict === "allow")) return settled;
    const named = checkNamed(approval);
    checks.push(named);
    return named;
  }
  return !asksPeople || !asking || passes(checks, checkAsking(asking, now)) ? settled : settledBy(checks);
}

/**
 * The strictest verdict, the first check that gave it, and its reasons before what else was found. Of two checks that
 * ask people, the manifest's own rule comes before the level table: `approval` is the last check and the most specific.
 *
 * Only for a call that is not allowed, so at least one check objects; were there none, it is denied all the same.
 */
function settledBy(checks: readonly CheckResult[]): Settled {
  let settling: CheckResult | null = null;
  let objections = 0;
  for (const check of checks) {
    if (check.verdict === "allow") continue;
    objections += 1;
    if (settling === null || overrules(check, settling)) settling = check;
  }
  if (settling === null) return { verdict: "deny", rule: null, reasons: NO_REASONS };
  const { verdict, rule, reasons } = settling;
  return { verdict, rule, reasons: objections === 1 ? reasons : reasonsOf(checks, verdict) };
}

function overrules(later: CheckResult, earlier: CheckResult): boolean {
  if (later.verdict !== earlier.verdict) return strictness(later.verdict) > strictness(earlier.verdict);
  return later.verdict === "require_approval" && later.check === "approval";
}

/** Those that settled the verdict first, then what else was found. */
function reasonsOf(checks: readonly CheckResult[], verdict: Verdict): Decision["reasons"] {
  const found = checks.filter((check) => check.verdict !== "allow");
  const settling = found.filter((check) => check.verdict === verdict);
  // `approval` comes after `level` in the order of checks and before it in importance.
  if (verdict === "require_approval") settling.reverse();
  return [...settling, ...found.filter((check) => check.verdict !== verdict)].flatMap(({ reasons }) => reasons);
}

/** The parts of a decision besides what settled it. */
type Findings = Pick<Decision, "checks" | "risk" | "tallies" | "approval"> & { readonly asked: Bounded };

/** The only place that makes a decision, so that every one has the same shape and the engine's readers stay fast. */
function decisionOf({ verdict, rule, reasons }: Settled, findings: Findings): Decision {
  const { checks, risk, asked, tallies, approval } = findings;
  const { bounds, reserves, isSingleUse } = asked;
  return {
    verdict,
    rule,
    reasons,
    checks,
    risk,
    bounds,
    reserves,
    isSingleUse,
    tallies,
    approval,
  };
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
  const { reversibility, blastRadius } = compiled.catalogue.get(call.tool) ?? UNCATALOGUED_CLASS;
  const base = compiled.classRisks[reversibility][blastRadius][agent.environment];
  return assessRisk({ base, reversibility, weights, call, contextAge: null, run, history, reach });
}

const NOTHING_ASKED: Bounded = Object.freeze({
  bounds: UNBOUNDED,
  reserves: NO_RESERVES,
  isSingleUse: false,
});

function undecided(call: Call, facts: Facts): Decision {
  const control = checkControl(facts, undefined);
  const checks = control.verdict === "allow" ? [control, NO_ACTIVE_MANIFEST] : [control];
  const { run, history, reach } = facts;
  const { reversibility, blastRadius } = UNCATALOGUED_CLASS;
  const { risk } = assessRisk({
    base: DEFAULT_RISKS[reversibility][blastRadius][facts.agent.environment],
    reversibility,
    weights: DEFAULT_WEIGHTS,
    call,
    contextAge: null,
    run,
    history,
    reach,
  });
  const findings = { checks, risk, asked: NOTHING_ASKED, tallies: NO_TALLIES, approval: DEFAULT_TERMS };
  return decisionOf(settledBy(checks), findings);
}

const UNKNOWN_RISK: Risk = Object.freeze({
  score: 100,
  band: "critical",
  factors: [{ points: 100, why: "the call could not be judged" }],
});

function broken(compiled: CompiledManifest | null): Decision {
  const message = "The call could not be judged because of an error on our side; nothing was allowed.";
  const reason = { code: "internal_error", message, path: "" };
  const checks = [finding("control", "deny", "internal_error", reason)];
  return decisionOf(settledBy(checks), {
    checks,
    risk: UNKNOWN_RISK,
    asked: { ...NOTHING_ASKED, bounds: compiled?.bounds ?? UNBOUNDED },
    tallies: NO_TALLIES,
    approval: compiled?.terms ?? DEFAULT_TERMS,
  });
}
