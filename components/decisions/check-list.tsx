import { MessageText } from "@/components/ui/message-text";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { CHECKS, type CheckResult, type Reason } from "@/lib/core/decisions/schema";
import { usdOf } from "@/lib/core/shared/money";
import { combineChecks } from "@/lib/core/runs/combine-checks";
import { type DecisionDetail, runBefore } from "@/lib/core/runs/decision";
import { CHECK_TITLES } from "@/lib/core/runs/words";

import { PlaceText } from "./place-text";

const ROW = "grid gap-x-4 gap-y-1 px-3 py-2 sm:grid-cols-[1.5rem_17rem_9.5rem_minmax(0,1fr)]";

/** Every check in its order, each with the strictest answer it found and why; after a refusal not all of them run. */
export function CheckList({ decision }: { decision: DecisionDetail }) {
  const checks = combineChecks(decision.checks);
  return (
    <ol aria-label="Checks, in order" className="divide-y divide-hair border-y border-hair bg-surface">
      {CHECKS.map((name, index) => {
        const check = checks.find((one) => one.check === name);
        return (
          <li key={name} className={ROW}>
            <span className="text-muted max-sm:hidden">{index + 1}</span>
            <span className={check === undefined ? "text-muted" : check.verdict === "allow" ? "" : "font-semibold"}>
              {CHECK_TITLES[name]}
            </span>
            {check === undefined ? (
              <span className="text-muted">did not run</span>
            ) : check.verdict === "allow" ? (
              <span className="text-muted">nothing against it</span>
            ) : (
              <VerdictMark verdict={check.verdict} />
            )}
            {check && <CheckReasons check={check} decision={decision} />}
          </li>
        );
      })}
    </ol>
  );
}

function CheckReasons({ check, decision }: { check: CheckResult; decision: DecisionDetail }) {
  const run = runBefore(decision.facts);
  // The engine leaves the run to the commit, which judged it on the locked row: that is what counts.
  const reasons = check.reasons.filter((reason) => !(run && reason.code === "run_not_known"));
  return (
    <div className="grid min-w-0 gap-1">
      <Reasons reasons={reasons} decision={decision} />
      {check.check === "bounds" && run && check.verdict === "allow" && (
        <p className="text-muted">
          Before this call the run had {run.steps} {run.steps === 1 ? "step" : "steps"},{" "}
          {Math.round(run.elapsedSeconds)} s and {usdOf(run.costMicros)} USD behind it.
        </p>
      )}
      {check.rule && <p className="font-mono text-xs text-muted [overflow-wrap:anywhere]">{check.rule}</p>}
    </div>
  );
}

function Reasons({ reasons, decision }: { reasons: readonly Reason[]; decision: DecisionDetail }) {
  return reasons.map((reason, index) => (
    <p key={index} className="[overflow-wrap:anywhere]">
      <MessageText text={reason.message} />{" "}
      <span className="font-mono text-xs text-muted">
        {reason.code}
        {reason.path && (
          <>
            {" · "}
            <PlaceText places={decision} path={reason.path} />
          </>
        )}
      </span>
    </p>
  ));
}
