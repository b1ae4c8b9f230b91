"use client";

import { useRouter } from "next/navigation";
import type { ReactNode } from "react";

import { Button } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { LeaseView } from "@/lib/core/approvals/batch";

import { say } from "./announcer";
import { useDesk } from "./desk-context";
import { useDeskAction } from "./use-desk-action";

/** Who looks at this action now: others, with a way to ask for it; or oneself, when somebody gave it or asks for it. */
export function LeaseNotice({ lease, approvalId }: { lease: LeaseView; approvalId: string }) {
  const { actions, onwardHref } = useDesk();
  const router = useRouter();
  const ask = useDeskAction(actions.ask, () => {
    say("They are told that you ask for it.");
    router.refresh();
  });
  const hand = useDeskAction(actions.handOff, () => {
    say("Handed over.");
    router.push(onwardHref);
  });
  const { mine, others } = lease;
  if (others !== null) {
    return (
      <Row>
        <p>
          {others.names.length === 0 ? (
            <b className="font-semibold">Other reviewers have this</b>
          ) : (
            <b className="font-semibold">
              <VisibleText text={others.names.join(" and ")} /> has this
            </b>
          )}{" "}
          until <Time at={others.until} mode="minute" />
        </p>
        {lease.asked ? (
          <span className="text-muted">You asked for it.</span>
        ) : (
          <Button size="sm" aria-busy={ask.pending} onClick={() => ask.send({ approval_id: approvalId })}>
            Ask for it
          </Button>
        )}
        {ask.refusal !== null && <span role="alert">{ask.refusal}</span>}
      </Row>
    );
  }
  if (mine === null || (mine.askedBy === null && mine.handedBy === null)) return null;
  return (
    <Row>
      {mine.handedBy !== null && (
        <p>
          <b className="font-semibold">
            <VisibleText text={mine.handedBy} /> handed you this
          </b>
          {mine.note !== "" && (
            <>
              :{" "}
              <q>
                <VisibleText text={mine.note} />
              </q>
            </>
          )}
        </p>
      )}
      {mine.askedBy !== null && mine.askedById !== null && (
        <>
          <p>
            <b className="font-semibold">
              <VisibleText text={mine.askedBy} /> asks for this
            </b>
          </p>
          <Button
            size="sm"
            aria-busy={hand.pending}
            onClick={() => hand.send({ approval_id: approvalId, to: mine.askedById ?? "", note: "" })}
          >
            Hand it over
          </Button>
        </>
      )}
      {hand.refusal !== null && <span role="alert">{hand.refusal}</span>}
    </Row>
  );
}

function Row({ children }: { children: ReactNode }) {
  return (
    <section
      aria-label="Who looks at this"
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-hair py-2"
    >
      {children}
    </section>
  );
}
