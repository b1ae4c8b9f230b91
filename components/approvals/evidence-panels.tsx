import type { ReactNode } from "react";

import { MessageText } from "@/components/ui/message-text";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import { LEVEL_NAMES } from "@/lib/core/agents/level-words";
import type { ApprovalDetail, DeskItem } from "@/lib/core/approvals/desk";
import { actText } from "@/lib/core/approvals/headline-text";
import { isJsonArray, type Json, type JsonObject } from "@/lib/core/shared/json";
import { paths } from "@/lib/core/shared/paths";

import { ChainList } from "./chain-list";
import type { EvidencePanel } from "./evidence";

/** The five kinds of evidence about one action, the agent's own words last. */
export function evidencePanels(detail: ApprovalDetail): readonly EvidencePanel[] {
  const { display, chain, approval, similar } = detail;
  return [
    { id: "risk", label: "Risk", panel: <RiskPanel risk={display.risk} /> },
    {
      id: "chain",
      label: "Chain of this run",
      panel: <ChainList chain={chain} runId={approval.runId} session={display.session} />,
    },
    { id: "agent", label: "This agent", panel: <AgentPanel detail={detail} /> },
    {
      id: "similar",
      label: "Similar",
      panel: <SimilarPanel items={similar} hideCount={detail.gate.typed !== null && approval.state === "waiting"} />,
    },
    { id: "claim", label: "Agent's claim", panel: <ClaimPanel rationale={display.rationale} /> },
  ];
}

function RiskPanel({ risk }: { risk: ApprovalDetail["display"]["risk"] }) {
  return (
    <div className="grid gap-1.5">
      <p>
        Why {risk.score}.{" "}
        <span className="text-muted">It orders the queue and sets what approving takes; it is no advice.</span>
      </p>
      <ul aria-label="Risk factors" className="grid gap-0.5">
        {risk.factors
          .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points))
          .map((factor, index) => (
            <li key={index} className="grid grid-cols-[2.25rem_minmax(0,1fr)] gap-2">
              <b className="text-right">{factor.points < 0 ? `−${-factor.points}` : `+${factor.points}`}</b>
              <span className="min-w-0">
                <MessageText text={factor.why} />
              </span>
            </li>
          ))}
        {risk.factors.length === 0 && <li className="text-muted">No factor applies.</li>}
      </ul>
    </div>
  );
}

function AgentPanel({ detail }: { detail: ApprovalDetail }) {
  const { display, agent, record, approval } = detail;
  return (
    <div className="grid gap-1.5">
      <p>
        <Link href={paths.agent(display.agent.handle)} className="link">
          <Mono>
            <VisibleText text={display.agent.handle} />
          </Mono>
        </Link>{" "}
        · level {agent.level} {LEVEL_NAMES[agent.level]} · {agent.status}
      </p>
      <p className="text-muted">
        <VisibleText text={display.agent.task} />
      </p>
      <p>
        Responsible: <VisibleText text={agent.driName} />
        {agent.driName !== display.agent.dri.name && (
          <>
            {" "}
            (when it asked: <VisibleText text={display.agent.dri.name} />)
          </>
        )}
      </p>
      <p>
        <span className="text-muted">
          With <Mono>{approval.tool}</Mono>, 30 days:{" "}
        </span>
        {record.asked} asked · {record.approved} approved · {record.denied} denied · {record.expired} expired ·{" "}
        {record.failed} failed afterwards
      </p>
    </div>
  );
}

/** @param hideCount while a count has to be typed, no other is given as a hint; nor is one that has to be typed elsewhere */
function SimilarPanel({ items, hideCount }: { items: readonly DeskItem[]; hideCount: boolean }) {
  if (items.length === 0) return <p className="text-muted">There is no earlier request of this agent for this tool.</p>;
  return (
    <ul aria-label="Earlier requests of this agent for this tool" className="grid gap-1.5">
      {items.map((item) => (
        <li key={item.id} className="grid">
          <span className="flex flex-wrap items-baseline justify-between gap-x-3">
            <Link href={paths.approval(item.id)} className="link">
              {actText(item.headline, {
                hideCount: hideCount || (item.state === "waiting" && item.band === "critical"),
              })}
            </Link>
            <VerdictMark verdict={item.state} size="sm" />
          </span>
          <span className="text-xs text-muted">
            <Time at={item.settledAt ?? item.createdAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function ClaimPanel({ rationale }: { rationale: JsonObject | null }) {
  if (rationale === null) return <p className="text-muted">The agent said nothing about why.</p>;
  const text = (key: string): string | null => {
    const value = Object.hasOwn(rationale, key) ? rationale[key] : undefined;
    return typeof value === "string" && value !== "" ? value : null;
  };
  const alternatives: Json | undefined = Object.hasOwn(rationale, "alternatives")
    ? rationale["alternatives"]
    : undefined;
  const others = isJsonArray(alternatives) ? alternatives.filter((item) => typeof item === "string") : [];
  return (
    <details>
      <summary className="min-h-6">Written by the agent. Nobody has checked it.</summary>
      <div className="grid max-w-[72ch] gap-2 border-l-2 border-dashed border-edge py-1 pl-3">
        <Claim label="Goal" text={text("goal")} />
        <Claim label="Reasoning" text={text("reasoning")} />
        {others.map((other, index) => (
          <Claim key={index} label={`Alternative ${index + 1}`} text={other} />
        ))}
      </div>
    </details>
  );
}

function Claim({ label, text }: { label: string; text: string | null }): ReactNode {
  if (text === null) return null;
  return (
    <div>
      <p className="text-xs text-muted">{label}</p>
      <VisibleText text={text} block />
    </div>
  );
}
