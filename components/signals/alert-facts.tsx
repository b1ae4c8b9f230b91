import { CopyText } from "@/components/ui/copy-text";
import { KeyValue } from "@/components/ui/key-value";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { type AlertItem, RESOLUTION_WORDS } from "@/lib/core/alerts/schema";
import type { AlertWords } from "@/lib/core/alerts/words";
import { MEASURE_WORDS } from "@/lib/core/objectives/words";
import { HOUR_MS } from "@/lib/core/shared/time";
import { paths } from "@/lib/core/shared/paths";

type AlertFactsProps = {
  alert: AlertItem;
  words: AlertWords;
  replayed: { readonly same: boolean };
};

/** What happened, since when, compared with what, and which runs. */
export function AlertFacts({ alert, words, replayed }: AlertFactsProps) {
  return (
    <KeyValue
      items={[
        { label: "What happened", value: <VisibleText text={words.happened} /> },
        { label: "Since", value: <Time at={alert.began_at} /> },
        { label: "Compared with", value: words.compared },
        ...objectiveOf(alert),
        { label: "Which runs", value: <RunsLink alert={alert} /> },
        {
          label: "Agent",
          value: (
            <Link href={paths.agent(alert.agent)} className="link font-mono">
              {alert.agent}
            </Link>
          ),
        },
        ...(alert.tool === null ? [] : [{ label: "Tool", value: <Mono>{<VisibleText text={alert.tool} />}</Mono> }]),
        { label: "Rule", value: <Mono>{alert.rule}</Mono> },
        { label: "History", value: <AlertTimes alert={alert} /> },
        {
          label: "Judged again",
          value: replayed.same
            ? "The figures it fired on are kept; judging them again says the same."
            : "Judging the figures that were kept says something else: the rule's code has changed since.",
        },
        { label: "Id", value: <CopyText value={alert.id} label="alert id" /> },
      ]}
    />
  );
}

/** The objectives of the agent, where the alert is about one. */
function objectiveOf({ agent, why: { reading } }: AlertItem) {
  if (reading?.kind !== "objective") return [];
  const link = (
    <Link href={paths.objectives({ agent })} className="link">
      {MEASURE_WORDS[reading.measure].name}, among this agent’s objectives
    </Link>
  );
  return [{ label: "Objective", value: link }];
}

function RunsLink({ alert }: { alert: AlertItem }) {
  const { judged, reading } = alert.why;
  const most = reading?.kind === "objective" ? Infinity : 24;
  const hours = Math.min(judged.hours ?? 2, most);
  const from = new Date(alert.began_at.getTime() - hours * HOUR_MS).toISOString();
  const to = (alert.resolved_at ?? new Date(Date.parse((alert.latest ?? alert.why).at) + HOUR_MS)).toISOString();
  const runs = paths.runs({ agent: alert.agent, ...(alert.tool !== null && { tool: alert.tool }), from, to });
  return (
    <>
      <Link href={runs} className="link">
        Runs of this agent in that time
      </Link>
      {" · "}
      <Link href={paths.decisions({ agent: alert.agent, from: from.slice(0, 10) })} className="link">
        Decisions
      </Link>
    </>
  );
}

function AlertTimes({ alert }: { alert: AlertItem }) {
  const { fired_at, acknowledged_at, acknowledged_by, silenced_until, resolved_at, resolution, note, state } = alert;
  return (
    <ul>
      <li>
        Began <Time at={alert.began_at} />
      </li>
      {fired_at && (
        <li>
          Fired <Time at={fired_at} />
        </li>
      )}
      {acknowledged_at && (
        <li>
          Acknowledged <Time at={acknowledged_at} /> by {acknowledged_by ?? "somebody who left"}
        </li>
      )}
      {silenced_until && (
        <li>
          {state === "silenced" ? "Silenced until " : "Was silenced until "}
          <Time at={silenced_until} />
        </li>
      )}
      {resolved_at && (
        <li>
          Ended <Time at={resolved_at} />: {resolution && RESOLUTION_WORDS[resolution]}
        </li>
      )}
      {note !== null && (
        <li>
          “<VisibleText text={note} />”
        </li>
      )}
    </ul>
  );
}
