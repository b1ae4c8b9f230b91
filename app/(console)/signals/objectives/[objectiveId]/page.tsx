import type { Metadata } from "next";

import { Rate } from "@/components/charts/rate";
import { RefreshOn } from "@/components/layout/refresh-on";
import { BudgetLeft } from "@/components/objectives/budget-left";
import { MissedRuns } from "@/components/objectives/missed-runs";
import { ObjectiveDays } from "@/components/objectives/objective-days";
import { ObjectiveState } from "@/components/objectives/objective-state";
import { KeyValue } from "@/components/ui/key-value";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { burnText, MEASURE_WORDS, sayObjective } from "@/lib/core/objectives/words";
import { paths } from "@/lib/core/shared/paths";
import { showObjective } from "@/lib/services/objectives/show-objective";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

export const metadata: Metadata = { title: "Objective" };

const REFRESH_MS = 60_000;

export default async function ObjectivePage({ params }: PageProps<"/signals/objectives/[objectiveId]">) {
  const [{ ctx }, { objectiveId }] = await Promise.all([pageMember(), params]);
  const objective = await orNotFound(showObjective(ctx, objectiveId));
  const { agent, measure, stand, burns, missed, by_day } = objective;
  const { name, counts, bad } = MEASURE_WORDS[measure];
  return (
    <>
      <RefreshOn topics={["objective.set", "objective.remove"]} everyMs={REFRESH_MS} />
      <PageHeader
        crumbs={[{ label: "Objectives", href: paths.objectives() }]}
        title={
          <>
            <span className="font-mono">{agent}</span>: {name.toLowerCase()}
          </>
        }
        meta={
          <>
            <ObjectiveState stand={stand} />
            <span>{sayObjective(objective)}</span>
          </>
        }
      />
      <Section title="How it stands">
        <KeyValue
          items={[
            { label: "Attained", value: <Rate hits={stand.attained.hits} n={stand.attained.n} /> },
            { label: "Error budget", value: <BudgetLeft stand={stand} about={`${agent}, ${name.toLowerCase()}`} /> },
            {
              label: "Burn",
              value: (
                <ul>
                  {burns.map((burn) => (
                    <li key={burn.hours}>
                      {burnText(burn)} over {burn.hours} h{" "}
                      <span className="text-xs text-muted">
                        {burn.bad.toLocaleString("en-US")} of {burn.n.toLocaleString("en-US")} {counts} {bad}
                      </span>
                    </li>
                  ))}
                </ul>
              ),
            },
            {
              label: "Alerts",
              value: (
                <Link href={paths.signals({ agent, signal: "objective" })} className="link">
                  Alerts about this agent’s objectives
                </Link>
              ),
            },
            {
              label: "Agent",
              value: (
                <Link href={paths.agent(agent)} className="link font-mono">
                  {agent}
                </Link>
              ),
            },
            {
              label: "Set",
              value: (
                <>
                  {objective.created_by}, <Time at={objective.created_at} />
                </>
              ),
            },
            {
              label: "Counted",
              value: objective.counted_at === null ? "not yet" : <Time at={objective.counted_at} />,
            },
          ]}
        />
      </Section>
      <MissedRuns runs={missed} measure={measure} agent={agent} bad={stand.bad} from={by_day[0]?.day ?? ""} />
      <ObjectiveDays objective={objective} />
    </>
  );
}
