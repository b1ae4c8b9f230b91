import { MessageText } from "@/components/ui/message-text";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import type { ChainContext, ChainStep } from "@/lib/core/approvals/chain";
import type { ChainEntry, Refused } from "@/lib/core/approvals/chain-fold";
import type { Chain } from "@/lib/core/approvals/desk";
import { paths } from "@/lib/core/shared/paths";

type ChainListProps = { chain: Chain; runId: string; session: string };

/** The run replayed: what it is for, what it was refused, then each step with what it read, the action itself last. */
export function ChainList({ chain, runId, session }: ChainListProps) {
  const { request, entries, refused, steps } = chain;
  return (
    <div className="grid gap-2.5">
      <dl className="grid gap-1">
        <div>
          <dt className="text-xs text-muted">Registered task of the agent</dt>
          <dd>
            <VisibleText text={request.task} />
          </dd>
        </div>
        <div>
          <dt className="text-xs text-muted">Session</dt>
          <dd>
            <Mono>
              <VisibleText text={session} />
            </Mono>
            {request.at !== null && (
              <>
                {" "}
                · run began <Time at={request.at} />
              </>
            )}{" "}
            ·{" "}
            <Link href={paths.run(runId)} className="link whitespace-nowrap">
              Open the run
            </Link>
          </dd>
        </div>
      </dl>
      {request.goal !== null && request.goal !== "" && (
        <details>
          <summary className="min-h-6 text-xs text-muted">
            What the agent said the run is for. Nobody has checked it.
          </summary>
          <div className="border-l-2 border-dashed border-edge pl-2">
            <VisibleText text={request.goal} block />
          </div>
        </details>
      )}
      <RefusedList refused={refused} />
      <ol aria-label={`Steps of this run, ${steps.toLocaleString("en-US")} up to this action`} className="grid gap-1.5">
        {entries.map((entry) => (
          <Entry key={keyOf(entry)} entry={entry} />
        ))}
      </ol>
    </div>
  );
}

const keyOf = (entry: ChainEntry) =>
  entry.kind === "gap" ? `gap ${entry.from}` : entry.kind === "step" ? entry.step.id : entry.first.id;

function RefusedList({ refused }: { refused: readonly Refused[] }) {
  if (refused.length === 0) return <p className="text-xs text-muted">Nothing this run tried before was refused.</p>;
  return (
    <ul aria-label="What this run tried and was refused" className="grid gap-1 border-l-4 border-ask pl-2">
      {refused.map((item, index) => (
        <li key={index}>
          <b>
            Tried{" "}
            <Mono>
              <VisibleText text={item.tool} />
            </Mono>{" "}
            {timesOf(item.count)}: {item.answer}
          </b>
          {item.rule !== null && (
            <>
              , <VisibleText text={item.rule} />
            </>
          )}{" "}
          <span className="text-xs text-muted">
            {item.firstStep === item.lastStep
              ? `step ${item.firstStep}`
              : `steps ${item.firstStep} to ${item.lastStep}`}
          </span>
          {item.reason !== null && (
            <span className="block text-xs text-muted">
              <MessageText text={item.reason} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

const timesOf = (count: number) => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`);

function Entry({ entry }: { entry: ChainEntry }) {
  if (entry.kind === "gap") {
    const count = entry.to - entry.from + 1;
    return (
      <li className="pl-2.5 text-xs text-muted">
        {count.toLocaleString("en-US")} {count === 1 ? "step" : "steps"} in between ({entry.from}–{entry.to})
        {entry.quiet ? ": none refused, none reached further" : " that are not shown here; the run has them"}
      </li>
    );
  }
  if (entry.kind === "step") return <Step step={entry.step} />;
  return <Step step={entry.last} from={entry.first.step} times={entry.count} />;
}

function Step({ step, from, times }: { step: ChainStep; from?: number; times?: number }) {
  return (
    <li
      className={`grid gap-0.5 ${step.current ? "border-l-2 border-text pl-2" : "pl-2.5"}`}
      {...(step.current && { "aria-current": "step" })}
    >
      {step.context.map((source, index) => (
        <Source key={index} source={source} />
      ))}
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-xs text-muted">{from === undefined ? step.step : `${from}–${step.step}`}</span>
        <VerdictMark verdict={step.verdict} size="sm" />
        <Link href={paths.decision(step.id)} className="min-w-0 font-mono text-[0.96em] break-all hover:underline">
          <VisibleText text={step.tool} />
        </Link>
        {times !== undefined && <b>×{times}</b>}
        {step.reach !== null && (
          <span className="text-xs text-muted">
            {step.reach.toLocaleString("en-US")} {step.reach === 1 ? "record" : "records"}
          </span>
        )}
      </span>
      <span className="text-xs text-muted">
        <Time at={step.at} mode="clock" />
        {step.rule !== null && step.verdict !== "allow" && (
          <>
            {" "}
            · <VisibleText text={step.rule} />
          </>
        )}
        {!step.current && step.answered !== null && ` · people: ${step.answered}`}
        {step.outcome !== null && ` · ${step.outcome.replaceAll("_", " ")}`}
        {step.current && " · this action"}
      </span>
      {step.widened !== null && (
        <span className="text-xs font-medium text-ask">
          <span aria-hidden="true">▲ </span>Reaches further from here: <VisibleText text={step.widened} />
        </span>
      )}
      {step.uncompared && (
        <span className="text-xs font-medium text-ask">
          <span aria-hidden="true">▲ </span>Too large to be compared with the steps before it
        </span>
      )}
      {step.current && step.context.length === 0 && (
        <span className="text-xs text-muted">The agent declared no context for this call.</span>
      )}
    </li>
  );
}

function Source({ source }: { source: ChainContext }) {
  const stale = source.ttlSeconds !== null && source.ageSeconds > source.ttlSeconds;
  return (
    <span className={`text-xs ${stale ? "font-medium text-ask" : "text-muted"}`}>
      {stale && <span aria-hidden="true">▲ </span>}
      context <VisibleText text={source.source} />, {age(source.ageSeconds)} old
      {source.ttlSeconds !== null && `, limit ${age(source.ttlSeconds)}`}
      {stale && ": too old"}
    </span>
  );
}

function age(seconds: number): string {
  const size = Math.max(0, seconds);
  if (size < 120) return `${size} s`;
  if (size < 7_200) return `${Math.floor(size / 60)} min`;
  return size < 172_800 ? `${Math.floor(size / 3_600)} h` : `${Math.floor(size / 86_400)} d`;
}
