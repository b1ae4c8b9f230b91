import type { ReactNode } from "react";

import { MessageText } from "@/components/ui/message-text";
import { BandMark } from "@/components/ui/band-mark";
import { Chip } from "@/components/ui/chip";
import { CopyText } from "@/components/ui/copy-text";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { VisibleText } from "@/components/ui/visible-text";
import { LEVEL_NAMES } from "@/lib/core/agents/level-words";
import type { ApprovalDetail } from "@/lib/core/approvals/desk";
import { headlineText } from "@/lib/core/approvals/headline-text";
import { targetOf } from "@/lib/core/decisions/facets";
import type { FormAction } from "@/lib/core/shared/action-state";
import { shortDigest } from "@/lib/core/shared/digest";
import { paths } from "@/lib/core/shared/paths";

import { Deadline } from "./deadline";
import { ExtendButton } from "./extend-button";

const REVERSIBILITY: Record<string, string> = {
  read: "Reads only",
  reversible: "Reversible",
  partially_reversible: "Partly reversible",
  irreversible: "IRREVERSIBLE",
};

type ActionStripProps = {
  detail: ApprovalDetail;
  extend: FormAction<{ readonly expires_at: string }>;
  stop: ReactNode;
};

/** The strip: the same facts in the same places for every action, all of them ours. */
export function ActionStrip({ detail, extend, stop }: ActionStripProps) {
  const { approval, display, agent, gate, quorum } = detail;
  const { headline } = display;
  const target = targetOf(display.args);
  const waiting = approval.state === "waiting";
  return (
    <header className="grid gap-1.5 border-b border-hair pt-4 pb-3.5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <BandMark band={approval.band} score={approval.score} />
        <span className="inline-flex h-6 items-center rounded-sm border border-edge px-2 text-xs font-medium tracking-wide">
          {REVERSIBILITY[headline.reversibility] ?? headline.reversibility}
        </span>
        {waiting && quorum > 1 && <Chip>Needs {quorum} independent reviews</Chip>}
        {waiting && approval.escalatedAt !== null && <Chip tone="warn">Escalated: half its time is gone</Chip>}
        <span className="ml-auto flex flex-wrap items-center justify-end gap-x-4 gap-y-1">
          {waiting && <ExtendButton approvalId={approval.id} minutes={detail.extendMinutes} extend={extend} />}
          {waiting && <Deadline expiresAt={approval.expiresAt} now={detail.now} />}
          {stop}
        </span>
      </div>
      <h1
        id="action"
        data-review-heading
        tabIndex={-1}
        className="scroll-mt-16 text-xl break-words outline-offset-4 sm:text-[1.625rem] sm:leading-[2.125rem]"
      >
        {/* The count of a critical action is what its reviewer types; it is printed in the effect. */}
        <VisibleText text={headlineText(headline, { hideCount: waiting && gate.typed !== null })} />
      </h1>
      <p className="break-words">
        <Link href={paths.agent(display.agent.handle)} className="link">
          <Mono>
            <VisibleText text={display.agent.handle} />
          </Mono>
        </Link>{" "}
        · level {agent.level} {LEVEL_NAMES[agent.level]} · calls{" "}
        <Mono>
          <VisibleText text={approval.tool} />
        </Mono>{" "}
        {target !== null && (
          <>
            on{" "}
            <Mono className="font-semibold">
              <VisibleText text={clipped(target)} />
            </Mono>{" "}
          </>
        )}
        in session{" "}
        <Mono>
          <VisibleText text={display.session} />
        </Mono>
      </p>
    </header>
  );
}

/** An address or a path may be long; all of it stands in the arguments. */
const clipped = (target: string) => (target.length > 120 ? `${target.slice(0, 120)}…` : target);

/** Why the call stopped here, and what exactly an approval would be good for. */
export function StoppedBy({ detail }: { detail: ApprovalDetail }) {
  const { display, approval } = detail;
  const { manifest, rule, reasons, agent } = display;
  return (
    <dl className="grid gap-x-3 gap-y-0.5 border-b border-hair py-3 sm:grid-cols-[6.5rem_minmax(0,1fr)]">
      <dt className="text-muted">Stopped by</dt>
      <dd className="min-w-0 break-words">
        {rule?.startsWith("guardrails.") ? (
          <Link href={paths.guardrails()} className="link [overflow-wrap:anywhere]">
            <VisibleText text={rule} />
          </Link>
        ) : (
          <>
            <Link href={paths.manifest(agent.handle, manifest.version, manifest.line ?? undefined)} className="link">
              <VisibleText text={rule ?? "default"} />
            </Link>{" "}
            · manifest v{manifest.version}
            {manifest.line !== null && `, line ${manifest.line}`}
          </>
        )}
        {reasons.map((reason, index) => (
          <span key={index} className="block text-muted">
            <MessageText text={reason.message} />
          </span>
        ))}
      </dd>
      <dt className="text-muted">Bound to</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-x-2">
        <CopyText value={approval.actionDigest} short={shortDigest(approval.actionDigest)} label="action digest" />
        <span className="text-muted">this call only, once, with these very arguments</span>
      </dd>
    </dl>
  );
}
