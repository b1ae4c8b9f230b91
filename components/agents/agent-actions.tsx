import { ResumeButton } from "@/components/stops/resume-button";
import { StopButton } from "@/components/stops/stop-button";
import type { StopReceipt } from "@/components/stops/stop-form";
import { ButtonLink } from "@/components/ui/button-link";
import type { AgentDetail } from "@/lib/core/agents/item";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";

import type { May } from "./may";
import { StatusButton } from "./status-button";

type AgentActionsProps = {
  agent: AgentDetail;
  /** The open stop of this agent, if somebody stopped it. */
  stopId: string | null;
  may: May;
  stop: FormAction<StopReceipt>;
  resume: FormAction;
  update: FormAction;
};

/** What can be done with an agent as a whole: stop it, bring it back, change its manifest, retire it. */
export function AgentActions({ agent, stopId, may, stop, resume, update }: AgentActionsProps) {
  const writer = may.write ? {} : { disabledReason: "This needs a policy administrator." };
  if (agent.status === "retired") return null;
  return (
    <>
      <ButtonLink href={paths.runs({ agent: agent.id })}>Runs</ButtonLink>
      <ButtonLink href={agent.manifest ? paths.manifest(agent.id) : paths.proposeManifest(agent.id)}>
        Manifest
      </ButtonLink>
      <StatusButton agent={agent.id} to="retired" update={update} {...writer} />
      {agent.status === "active" && (
        <StopButton
          target={{ scope: "agent", id: agent.id }}
          action={stop}
          permitted={may.stop}
          label="Stop this agent…"
        />
      )}
      {agent.status === "suspended" && stopId !== null && (
        <ResumeButton stopId={stopId} what={agent.id} action={resume} permitted={may.resume} />
      )}
      {agent.status === "suspended" && stopId === null && (
        <StatusButton agent={agent.id} to="active" update={update} {...writer} />
      )}
    </>
  );
}
