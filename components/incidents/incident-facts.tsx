import type { ReactNode } from "react";

import { CopyText } from "@/components/ui/copy-text";
import { KeyValue } from "@/components/ui/key-value";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { IncidentDetail } from "@/lib/core/incidents/detail";
import { FAILURE_WORDS } from "@/lib/core/incidents/failures";
import { paths } from "@/lib/core/shared/paths";

/** What happened, what was missing, and what prevents the next one. */
export function IncidentFacts({ incident }: { incident: IncidentDetail }) {
  const words = FAILURE_WORDS[incident.class];
  return (
    <KeyValue
      items={[
        { label: "What happened", value: words.what },
        { label: "Infrastructure gap", value: incident.gap },
        { label: "Control that prevents it", value: incident.control },
        {
          label: "Rule",
          value: incident.rule === "person" ? "None: a person opened it" : <Mono>{incident.rule}</Mono>,
        },
        { label: "Agent", value: <AgentLink agent={incident.agent} /> },
        { label: "Run and its chain", value: <RunLink incident={incident} /> },
        { label: "Decision", value: <DecisionLink id={incident.decision_id} /> },
        {
          label: "Opened",
          value: (
            <>
              <Time at={incident.opened_at} /> by {incident.opened_by ?? "the system"}
            </>
          ),
        },
        ...(incident.resolved_at === null ? [] : [{ label: "Resolved", value: <Resolution incident={incident} /> }]),
        { label: "Id", value: <CopyText value={incident.id} label="incident id" /> },
      ]}
    />
  );
}

const None = ({ children }: { children: ReactNode }) => <span className="text-muted">{children}</span>;

function AgentLink({ agent }: { agent: string }) {
  return (
    <Link href={paths.agent(agent)} className="link font-mono">
      {agent}
    </Link>
  );
}

function RunLink({ incident }: { incident: IncidentDetail }) {
  if (incident.run_id === null) return <None>It names no run.</None>;
  return (
    <Link href={paths.run(incident.run_id)} className="link font-mono">
      <VisibleText text={incident.run ?? incident.run_id} />
    </Link>
  );
}

function DecisionLink({ id }: { id: string | null }) {
  if (id === null) return <None>It names no decision.</None>;
  return (
    <Link href={paths.decision(id)} className="link">
      The call that broke the rule
    </Link>
  );
}

function Resolution({ incident }: { incident: IncidentDetail }) {
  return (
    <>
      {incident.resolved_at && <Time at={incident.resolved_at} />} by {incident.resolved_by ?? "nobody"}: “
      <VisibleText text={incident.note ?? ""} />”
    </>
  );
}
