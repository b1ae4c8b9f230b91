"use client";

import { useActionState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import type { ManifestVersion } from "@/lib/core/manifests/versions";
import { type FormAction, IDLE } from "@/lib/core/shared/action-state";

type PendingVersionProps = {
  /** Whose version it is; absent for a document that is nobody's. */
  agent?: string;
  /** What a widening does, in words. */
  widening?: string;
  /** Whose open approvals publishing closes. */
  whose?: string;
  version: Pick<ManifestVersion, "version" | "change" | "created_by">;
  confirm: FormAction;
  reject: FormAction;
  /** Why this person cannot publish it: the author of a widening never can. */
  confirmReason?: string;
  rejectReason?: string;
};

/** A proposed version and the two answers to it. No is as easy as yes, and needs no second person. */
export function PendingVersion({
  agent,
  widening = "lets the agent do more",
  whose = "of this agent",
  version,
  confirm,
  reject,
  confirmReason,
  rejectReason,
}: PendingVersionProps) {
  const [confirmed, submitConfirm, confirming] = useActionState(confirm, IDLE);
  const [rejected, submitReject, rejecting] = useActionState(reject, IDLE);
  const fields = (
    <>
      {agent !== undefined && <input type="hidden" name="agent" value={agent} />}
      <input type="hidden" name="version" value={version.version} />
    </>
  );
  const refusal = [confirmed, rejected].find((state) => state.status === "refused");
  return (
    <Alert
      tone="warn"
      title={
        version.change === "widening"
          ? `Version ${version.version} ${widening} and needs a second person`
          : `Version ${version.version} is proposed and not in force`
      }
    >
      <div className="grid gap-2">
        <p>
          Proposed by {version.created_by ?? "a former member"}. Until it is published the version before it stays in
          force. Publishing closes every open approval {whose}, because those were asked for under the old version.
        </p>
        {refusal?.status === "refused" && <p className="font-medium text-deny">■ {refusal.message}</p>}
        <div className="flex flex-wrap items-center gap-2">
          <form action={submitReject}>
            {fields}
            <Button
              type="submit"
              variant="strong"
              aria-busy={rejecting}
              {...(rejectReason && { disabledReason: rejectReason })}
            >
              Reject
            </Button>
          </form>
          <form action={submitConfirm}>
            {fields}
            <Button type="submit" aria-busy={confirming} {...(confirmReason && { disabledReason: confirmReason })}>
              Publish version {version.version}
            </Button>
          </form>
        </div>
      </div>
    </Alert>
  );
}
