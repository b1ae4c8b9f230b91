import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import { paths } from "@/lib/core/shared/paths";
import { countVerdicts, type HaltedRun, type HourCount, type RefusingRule } from "@/lib/core/workspaces/overview";
import { visibleString } from "@/lib/core/shared/visible-text";

type StoppedTodayProps = {
  day: Date;
  hours: readonly HourCount[];
  rules: readonly RefusingRule[];
  runs: readonly HaltedRun[];
};

/** What did not happen today: refusals by rule, and the runs that were halted. */
export function StoppedToday({ day, hours, rules, runs }: StoppedTodayProps) {
  const from = day.toISOString();
  const [denied, halted] = [countVerdicts(hours, "deny"), countVerdicts(hours, "halt")];
  return (
    <Section title="What was stopped" aside="today, UTC">
      <div className="divide-y divide-hair border-y border-hair bg-surface">
        <div className="flex flex-wrap gap-x-6 gap-y-1 px-3 py-2">
          <Count href={paths.decisions({ verdict: "deny", from })} verdict="deny" count={denied} />
          <Count href={paths.decisions({ verdict: "halt", from })} verdict="halt" count={halted} />
          <Link
            href={paths.runs({ state: "halted" })}
            className="inline-flex min-h-6 items-center gap-2 hover:underline"
          >
            Halted runs{" "}
            <span className={runs.length === 0 ? "text-muted" : "font-semibold"}>{atMost(runs.length)}</span>
          </Link>
        </div>
        {rules.length === 0 && <p className="px-3 py-3 text-muted">Nothing was refused today.</p>}
        {rules.length > 0 && (
          <ul aria-label="Rules that refused most" className="divide-y divide-hair">
            {rules.map((rule) => (
              <RuleRow key={`${rule.agent} ${rule.tool} ${rule.verdict} ${rule.rule}`} rule={rule} from={from} />
            ))}
          </ul>
        )}
        {runs.length > 0 && (
          <ul aria-label="Runs halted today" className="divide-y divide-hair">
            {runs.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}

const SHOWN = 6;

/** The list is cut; its length says "at least" from there on. */
const atMost = (count: number) => (count < SHOWN ? String(count) : `${count}+`);

function Count({ href, verdict, count }: { href: string; verdict: string; count: number }) {
  return (
    <Link href={href} className="inline-flex min-h-6 items-center gap-2 hover:underline">
      <VerdictMark verdict={verdict} />
      <span className={count === 0 ? "text-muted" : "font-semibold"}>{count}</span>
    </Link>
  );
}

function RuleRow({ rule, from }: { rule: RefusingRule; from: string }) {
  const { agent, tool, verdict } = rule;
  return (
    <li className="flex items-baseline justify-between gap-4 px-3 py-2 hover:bg-sunk">
      <div className="min-w-0">
        <Mono>
          <VisibleText text={tool} />
        </Mono>
        <p className="text-xs break-words text-muted">
          <VisibleText text={agent} /> · {rule.rule === null ? "nothing allows it" : <VisibleText text={rule.rule} />}
        </p>
      </div>
      <Link
        href={paths.decisions({ agent, tool, verdict, from })}
        aria-label={`${rule.count} refused: ${visibleString(tool)} of ${agent}`}
        className="inline-flex min-h-6 min-w-6 items-center justify-end font-semibold hover:underline"
      >
        {rule.count}
      </Link>
    </li>
  );
}

function RunRow({ run }: { run: HaltedRun }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-3 py-2 hover:bg-sunk">
      <VerdictMark verdict="halt" size="sm" />
      <Link href={paths.run(run.id)} className="inline-block min-h-6 min-w-0 hover:underline">
        <Mono>
          <VisibleText text={run.run} />
        </Mono>
      </Link>
      <span className="text-xs text-muted">
        <VisibleText text={run.agent} /> · <VisibleText text={run.reason ?? "stopped"} /> · <Time at={run.last_at} />
      </span>
    </li>
  );
}
