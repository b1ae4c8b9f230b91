"use client";

import { useRouter } from "next/navigation";

import { Button } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import type { BatchView } from "@/lib/core/approvals/batch";
import { counted } from "@/lib/core/approvals/part";
import { paths } from "@/lib/core/shared/paths";

import { say } from "./announcer";
import { useDesk } from "./desk-context";
import { useDeskAction } from "./use-desk-action";
import { useMoment } from "./use-moment";

const WARN_MS = 2 * 60_000;

/** How far this batch is, what is due first, until when it is yours, and how to put it down. */
export function BatchBar({ batch, now }: { batch: BatchView; now: Date }) {
  const { actions, currentId } = useDesk();
  const router = useRouter();
  const renew = useDeskAction(actions.renew, () => {
    say("Ten more minutes.");
    router.refresh();
  });
  const end = useDeskAction(actions.end, (done) => {
    say(`${counted(done?.released ?? 0, "action")} back in the pool.`);
    router.push(paths.desk());
    router.refresh();
  });
  const { until, renewable } = batch;
  useMoment(until, now, () => {
    say("Your time with this batch is over. What is left is back in the pool.");
    router.refresh();
  });
  useMoment(until && new Date(until.getTime() - WARN_MS), now, () => say("Two minutes left with this batch."));

  const kept = batch.entries.filter((entry) => entry.standing !== "left");
  const at = kept.findIndex((entry) => entry.id === currentId);
  const open = kept.filter((entry) => entry.standing === "open");
  const done = kept.length - open.length;
  const soonest = open.map((entry) => entry.expiresAt.getTime()).toSorted((a, b) => a - b)[0];
  return (
    <section
      aria-label="Your batch"
      className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-hair bg-surface px-4 py-1.5 sm:px-6 xl:col-span-full xl:px-4"
    >
      <p className="flex items-center gap-2 whitespace-nowrap">
        <b className="font-semibold">{at < 0 ? `Batch of ${kept.length}` : `Batch ${at + 1} of ${kept.length}`}</b>
        <Progress total={kept.length} filled={at < 0 ? done : at + 1} />
        <span className="text-muted">{done} done</span>
      </p>
      {soonest !== undefined && (
        <p className="text-muted">
          Due soonest <Time at={new Date(soonest)} />
        </p>
      )}
      {until !== null && (
        <p className="text-muted">
          Yours until <Time at={until} mode="minute" />
        </p>
      )}
      <span className="flex flex-wrap items-center gap-2 sm:ml-auto">
        {renewable && (
          <Button size="sm" variant="quiet" aria-busy={renew.pending} onClick={() => renew.send()}>
            Ten more minutes
          </Button>
        )}
        <Button size="sm" aria-busy={end.pending} onClick={() => end.send()}>
          Put it down
        </Button>
      </span>
      {(renew.refusal ?? end.refusal) !== null && <span role="alert">{renew.refusal ?? end.refusal}</span>}
    </section>
  );
}

function Progress({ total, filled }: { total: number; filled: number }) {
  return (
    <svg viewBox={`0 0 ${total * 8} 12`} width={total * 8} height="12" aria-hidden="true">
      {Array.from({ length: total }, (_, index) => (
        <rect
          key={index}
          x={index * 8 + 0.5}
          y="0.5"
          width="5"
          height="11"
          rx="1"
          fill={index < filled ? "currentColor" : "none"}
          stroke="currentColor"
          strokeOpacity={index < filled ? 1 : 0.5}
        />
      ))}
    </svg>
  );
}
