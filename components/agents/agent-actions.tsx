import { ResumeButton } from "@/components/stops/resume-button";
import { StopButton } from "@/components/stops/stop-button";
import type { StopReceipt } from "@/components/stops/stop-form";
import type { Resumer } from "@/components/stops/stopped-banner";
import { ButtonLink } from "@/components/ui/button-link";
import type { AgentDetail } from "@/lib/core/agents/item";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";
import { whyNotConsent } from "@/lib/core/workspaces/consent";
import type { Resumed, Stop } from "@/lib/core/workspaces/stop";

import type { May } from "./may";
import { StatusButton } from "./status-button";

type AgentActionsProps = {
  agent: AgentDetail;
  /** The open stop of this agent, if somebody stopped it. */
  halted: Stop | null;
  person: Resumer;
  may: May;
  stop: FormAction<StopReceipt>;
  resume: FormAction<Resumed>;
  update: FormAction;
};

/** What can be done with an agent as a whole: stop it, bring it back, change its manifest, retire it. */
export function AgentActions({ agent, halted, person, may, stop, resume, update }: AgentActionsProps) {
  const writer = may.write ? {} : { disabledReason: "This needs a policy administrator." };
  if (agent.status === "retired") return null;
  return (
    <>
      <ButtonLink href={paths.runs({ agent: agent.id })}>Runs</ButtonLink>
      <ButtonLink href={paths.outcomes(agent.id)}>Outcomes</ButtonLink>
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
      {agent.status === "suspended" && halted !== null && (
        <ResumeButton
          stopId={halted.id}
          scope="agent"
          what={agent.id}
          consents={halted.consents}
          action={resume}
          refusal={whyNotConsent(person, {
            scope: "agent",
            driId: agent.dri.id,
            consents: halted.consents,
            not_second: halted.not_second,
          })}
        />
      )}
      {agent.status === "suspended" && halted === null && (
        <StatusButton agent={agent.id} to="active" update={update} {...writer} />
      )}
    </>
  );
}
