import { ButtonLink } from "@/components/ui/button-link";
import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { usdText } from "@/lib/core/charts/units";
import type { Measure } from "@/lib/core/objectives/schema";
import { MEASURE_WORDS } from "@/lib/core/objectives/words";
import { durationText } from "@/lib/core/reviewers/words";
import { paths } from "@/lib/core/shared/paths";

type MissedRun = {
  readonly run_id: string | null;
  readonly trace_id: string | null;
  readonly at: Date;
  readonly seconds: number;
  readonly cost_picos: string | null;
};

type MissedRunsProps = {
  runs: readonly MissedRun[];
  measure: Measure;
  agent: string;
  bad: number;
  /** The first day of the window. */
  from: string;
};

/** The latest runs that spent an error budget. Decisions are opened in their own list. */
export function MissedRuns({ runs, measure, agent, bad, from }: MissedRunsProps) {
  const { counts, bad: did } = MEASURE_WORDS[measure];
  if (measure === "denials")
    return (
      <Section title="What spent it">
        <p className="text-muted">
          {bad.toLocaleString("en-US")} {counts} {did}.
        </p>
        <div className="flex flex-wrap gap-2">
          <ButtonLink href={paths.decisions({ agent, verdict: "deny", from })}>Open denied decisions</ButtonLink>
          <ButtonLink href={paths.decisions({ agent, verdict: "halt", from })}>Open halted decisions</ButtonLink>
        </div>
      </Section>
    );
  const some = runs.length < bad ? `The latest ${runs.length} of ${bad.toLocaleString("en-US")}` : `All ${bad}`;
  return (
    <Section title="Runs that spent it" {...(bad > 0 && { aside: some })}>
      {runs.length === 0 ? (
        <p className="border-y border-hair bg-surface px-3 py-4 text-muted">None in this window.</p>
      ) : (
        <Table
          label="Runs that spent it"
          head={["Run", "Began", { label: "Took", numeric: true }, { label: "Cost", numeric: true }]}
        >
          {runs.map(({ run_id, trace_id, at, seconds, cost_picos }) => (
            <Row key={`${run_id} ${trace_id}`}>
              <Cell header className="font-mono text-xs">
                <RowLink
                  href={run_id === null ? paths.findTelemetry(trace_id ?? "") : paths.run(run_id)}
                  prefetch={false}
                >
                  {(run_id ?? trace_id ?? "").slice(0, SHOWN)}…
                </RowLink>
              </Cell>
              <Cell>
                <Time at={at} />
              </Cell>
              <Cell numeric>{durationText(seconds)}</Cell>
              <Cell numeric>{cost_picos === null ? "–" : usdText(BigInt(cost_picos))}</Cell>
            </Row>
          ))}
        </Table>
      )}
    </Section>
  );
}

const SHOWN = 18;
