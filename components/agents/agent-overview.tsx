import Link from "next/link";
import type { ReactNode } from "react";

import { DecisionTable } from "@/components/decisions/decision-table";
import { SentenceList } from "@/components/manifests/sentence-list";
import { type ProposalActions, ProposalNotice } from "@/components/people/proposal-notice";
import { ConsentList } from "@/components/stops/consent-list";
import { Alert } from "@/components/ui/alert";
import { ButtonLink } from "@/components/ui/button-link";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { AgentDetail } from "@/lib/core/agents/item";
import type { ManifestSentence } from "@/lib/core/manifests/check";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";
import type { Stop } from "@/lib/core/workspaces/stop";

import { AgentFacts } from "./agent-facts";
import { CredentialList } from "./credential-list";
import { DayCounts } from "./day-counts";
import { LevelLadder } from "./level-ladder";
import type { May } from "./may";
import { type MadeKey, NewKeyButton } from "./new-key-button";
import { PendingList } from "./pending-list";

type AgentOverviewProps = {
  agent: AgentDetail;
  stop: Stop | null;
  sentences: readonly ManifestSentence[];
  /** What the manifest fixed about its level; absent when it fixed nothing. */
  evidence?: ReactNode;
  /** Where it is told what became of its requests. */
  callback?: ReactNode;
  may: May;
  proposals: ProposalActions;
  setLevel: FormAction;
  createKey: FormAction<MadeKey>;
  revokeKey: FormAction;
};

const RESTRAIN = "The DRI, an operator or a policy administrator can.";

/** One agent: what needs people, what it may do, what it did, and how much it may do alone. */
export function AgentOverview({
  agent,
  stop,
  sentences,
  evidence,
  callback,
  may,
  proposals,
  setLevel,
  createKey,
  revokeKey,
}: AgentOverviewProps) {
  const retired = agent.status === "retired";
  const lowerReason = retired ? "It is retired." : may.restrain ? undefined : RESTRAIN;
  const raiseReason = retired ? "It is retired." : may.write ? undefined : "This needs a policy administrator.";
  return (
    <>
      <AgentNotices agent={agent} stop={stop} proposals={proposals} />
      <DayCounts agent={agent.id} counts={agent.counts_24h} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="grid min-w-0 content-start gap-6">
          <Section title="Waiting for people">
            <PendingList approvals={agent.approvals} />
          </Section>
          <Section
            title="What it may do"
            aside={
              agent.manifest && (
                <Link href={paths.manifest(agent.id)} className="link">
                  manifest version {agent.manifest.version}
                </Link>
              )
            }
          >
            {sentences.length > 0 ? (
              <SentenceList sentences={sentences} lineHref={(line) => paths.manifest(agent.id, undefined, line)} />
            ) : (
              <p className="text-muted">Nothing: no manifest is in force, and what no manifest allows is denied.</p>
            )}
          </Section>
          <Section title="Who and what">
            <AgentFacts agent={agent} />
          </Section>
        </div>
        <div className="grid min-w-0 content-start gap-6">
          <Section title="Level of autonomy">
            <LevelLadder
              agent={agent.id}
              level={agent.level}
              setLevel={setLevel}
              proposed={agent.proposed_level}
              {...(lowerReason && { lowerReason })}
              {...(raiseReason && { raiseReason })}
            />
          </Section>
          {evidence}
          <Keys agent={agent} may={may} createKey={createKey} revokeKey={revokeKey} />
          {callback}
        </div>
      </div>
      <LatestDecisions agent={agent} />
    </>
  );
}

type KeysProps = Pick<AgentOverviewProps, "agent" | "may" | "createKey" | "revokeKey">;

function Keys({ agent, may, createKey, revokeKey }: KeysProps) {
  const retired = agent.status === "retired";
  return (
    <Section
      title="Keys"
      aside={
        <NewKeyButton
          agent={agent.id}
          create={createKey}
          {...((!may.makeKeys || retired) && {
            disabledReason: retired ? "It is retired." : "Its DRI or a policy administrator can.",
          })}
        />
      }
    >
      <CredentialList
        agent={agent.id}
        credentials={agent.credentials}
        revoke={revokeKey}
        {...(!may.restrain && { disabledReason: RESTRAIN })}
      />
    </Section>
  );
}

function LatestDecisions({ agent }: { agent: AgentDetail }) {
  return (
    <Section
      title="Latest decisions"
      aside={
        <Link href={paths.decisions({ agent: agent.id })} className="link">
          all
        </Link>
      }
    >
      {agent.decisions.length > 0 ? (
        <DecisionTable decisions={agent.decisions} label={`Latest decisions about ${agent.id}`} ofOneAgent />
      ) : (
        <p className="text-muted">
          It has not asked for anything yet. Its first call to POST /api/v1/decisions appears here.
        </p>
      )}
    </Section>
  );
}

type AgentNoticesProps = Pick<AgentOverviewProps, "agent" | "stop" | "proposals">;

function AgentNotices({ agent, stop, proposals }: AgentNoticesProps) {
  return (
    <>
      {stop && (
        <Alert tone="warn" title={`Stopped by ${stop.requested_by ?? "somebody"}`}>
          <p>
            <VisibleText text={stop.reason} /> · <Time at={stop.confirmed_at} />
          </p>
          <ConsentList consents={stop.consents} />
        </Alert>
      )}
      {agent.pending_version !== null && (
        <Alert tone="warn" title={`Version ${agent.pending_version} of its manifest waits for a decision`}>
          <ButtonLink href={paths.manifest(agent.id, agent.pending_version)} size="sm">
            Look at it
          </ButtonLink>
        </Alert>
      )}
      {agent.proposed_level && (
        <ProposalNotice
          proposal={agent.proposed_level}
          what={`level ${String(agent.proposed_level.content["level"])}`}
          how="You can be the second: raise it to the same level."
          actions={proposals}
        />
      )}
      {agent.proposed_environment && (
        <ProposalNotice
          proposal={agent.proposed_environment}
          what={`the environment ${String(agent.proposed_environment.content["environment"])}`}
          how="You can be the second: name the same environment with PATCH /api/v1/agents."
          actions={proposals}
        />
      )}
    </>
  );
}
