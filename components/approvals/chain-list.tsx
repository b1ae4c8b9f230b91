import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import type { ChainContext, ChainStep } from "@/lib/core/approvals/chain";
import { paths } from "@/lib/core/shared/paths";

type ChainListProps = {
  steps: readonly ChainStep[];
  earlier: number;
  runId: string;
  session: string;
  context: readonly unknown[];
};

/** How the run came here: each step with its verdict and what it read, the one that reached further marked. */
export function ChainList({ steps, earlier, runId, session, context }: ChainListProps) {
  return (
    <div className="grid gap-1.5">
      <p className="text-muted">
        Session{" "}
        <Mono>
          <VisibleText text={session} />
        </Mono>{" "}
        ·{" "}
        <Link href={paths.run(runId)} className="link">
          Open the run
        </Link>
      </p>
      {earlier > 0 && <p className="text-xs text-muted">{earlier} earlier steps are in the run.</p>}
      <ol aria-label="Steps of this run" className="grid gap-1.5">
        {steps.map((step) => (
          <Step key={step.id} step={step} />
        ))}
      </ol>
      {context.length === 0 && <p className="text-xs text-muted">The agent declared no context for this call.</p>}
    </div>
  );
}

function Step({ step }: { step: ChainStep }) {
  return (
    <li
      className={`grid gap-0.5 ${step.current ? "border-l-2 border-text pl-2" : "pl-2.5"}`}
      {...(step.current && { "aria-current": "step" })}
    >
      {step.context.map((source, index) => (
        <Source key={index} source={source} />
      ))}
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-xs text-muted">{step.step}</span>
        <VerdictMark verdict={step.verdict} size="sm" />
        <Link href={paths.decision(step.id)} className="min-w-0 font-mono text-[0.96em] break-all hover:underline">
          <VisibleText text={step.tool} />
        </Link>
        {step.reach !== null && (
          <span className="text-xs text-muted">{step.reach.toLocaleString("en-US")} records</span>
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
        {step.outcome !== null && ` · ${step.outcome.replaceAll("_", " ")}`}
        {step.current && " · this action"}
      </span>
      {step.widened !== null && (
        <span className="text-xs font-medium text-ask">
          <span aria-hidden="true">▲ </span>Reaches further from here: <VisibleText text={step.widened} />
        </span>
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
