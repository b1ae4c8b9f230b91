import type { Metadata } from "next";

import { AgentActions } from "@/components/agents/agent-actions";
import { AgentMeta } from "@/components/agents/agent-meta";
import { AgentOverview } from "@/components/agents/agent-overview";
import { CallbackSection } from "@/components/agents/callback-section";
import { EvidenceList } from "@/components/agents/evidence-list";
import { TelemetrySection } from "@/components/agents/telemetry-section";
import { RefreshOn } from "@/components/layout/refresh-on";
import { TwoPeopleNotice } from "@/components/people/two-people-notice";
import { PageHeader } from "@/components/ui/page-header";
import { canMakeKeys, canRestrain, canWritePolicy } from "@/lib/core/agents/permission";
import { paths } from "@/lib/core/shared/paths";
import { canResume, canStop } from "@/lib/core/workspaces/permission";
import { showCallback } from "@/lib/services/agents/set-callback";
import { showAgent } from "@/lib/services/agents/show-agent";
import { showEvidence } from "@/lib/services/agents/show-evidence";
import { explainVersion } from "@/lib/services/manifests/explain-version";
import { listDuties } from "@/lib/services/people/show-people";
import { listStops } from "@/lib/services/stops/list-stops";
import { showTelemetry } from "@/lib/services/traces/show-telemetry";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { rejectProposalAction, withdrawProposalAction } from "../../proposals-actions";
import { requestStopAction, resumeStopAction } from "../../stops-actions";
import {
  createCredentialAction,
  removeCallbackAction,
  revokeCredentialAction,
  setCallbackAction,
  setLevelAction,
  updateAgentAction,
} from "../actions";

const TOPICS = [
  "decision.made",
  "approval.waiting",
  "approval.settled",
  "outcome.reported",
  "agent.update",
  "agent.level",
  "agent.propose",
  "proposal.withdraw",
  "proposal.reject",
  "manifest.publish",
  "stop.request",
  "stop.consent",
  "stop.resume",
  "telemetry.arrived",
];

export async function generateMetadata({ params }: PageProps<"/agents/[agentId]">): Promise<Metadata> {
  return { title: decodeURIComponent((await params).agentId) };
}

export default async function AgentPage({ params }: PageProps<"/agents/[agentId]">) {
  const [{ ctx, member }, { agentId }] = await Promise.all([pageMember(), params]);
  const agent = await orNotFound(showAgent(ctx, decodeURIComponent(agentId)));
  const [explained, stops, { evidence, promote, demote }, { callback }, telemetry] = await Promise.all([
    agent.manifest && explainVersion(ctx, { agent: agent.id }),
    listStops(ctx),
    showEvidence(ctx, agent.id),
    showCallback(ctx, agent.id),
    showTelemetry(ctx, agent.id),
  ]);
  const stop = stops.items.find(
    (item) => item.scope === "agent" && item.target === agent.id && item.resumed_at === null,
  );
  const person = { id: member.memberId, roles: member.roles };
  const may = {
    stop: canStop(member.roles),
    write: canWritePolicy(member.roles),
    restrain: canRestrain(person, agent.dri.id),
    makeKeys: canMakeKeys(person, agent.dri.id),
  };

  return (
    <>
      <RefreshOn topics={TOPICS} />
      <PageHeader
        crumbs={[{ label: "Agents", href: paths.agents() }]}
        title={<span className="font-mono">{agent.id}</span>}
        meta={<AgentMeta agent={agent} />}
        actions={
          <AgentActions
            agent={agent}
            halted={stop ?? null}
            person={{ id: member.memberId, mayResume: canResume(member.roles) }}
            may={may}
            stop={requestStopAction}
            resume={resumeStopAction}
            update={updateAgentAction}
          />
        }
      />
      {stop && <TwoPeopleNotice duties={await listDuties(ctx)} only="resume" />}
      <AgentOverview
        agent={agent}
        stop={stop ?? null}
        sentences={explained?.sentences ?? []}
        evidence={
          evidence && <EvidenceList evidence={evidence} level={agent.level} promote={promote} demote={demote} />
        }
        callback={
          <CallbackSection
            agent={agent.id}
            callback={callback}
            set={setCallbackAction}
            remove={removeCallbackAction}
            {...(!may.makeKeys && { disabledReason: "Its DRI or a policy administrator can." })}
          />
        }
        may={may}
        proposals={{
          me: member.memberId,
          mayReject: may.write,
          withdraw: withdrawProposalAction,
          reject: rejectProposalAction,
        }}
        setLevel={setLevelAction}
        createKey={createCredentialAction}
        revokeKey={revokeCredentialAction}
      />
      <TelemetrySection telemetry={telemetry} />
    </>
  );
}
