"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";

import { SECOND_MS } from "@/lib/core/shared/time";

import { say } from "./announcer";

type DeadlineProps = {
  expiresAt: Date;
  /** The database's time when the page was made: this computer's clock may be wrong. */
  now: Date;
};

/** How far the database's clock is ahead of this computer's, as far as is known. */
let aheadMs = Number.NEGATIVE_INFINITY;

/** How long is left, as text. Spoken at a minute and at ten seconds only; at the end the page is drawn again. */
export function Deadline({ expiresAt, now }: DeadlineProps) {
  const router = useRouter();
  const [left, setLeft] = useState(secondsBetween(now, expiresAt));
  const [nowMs, expiresMs] = [now.getTime(), expiresAt.getTime()];

  useEffect(() => {
    // A page that was fetched ahead says what time it was then: the latest of all that were said is the nearest to true.
    aheadMs = Math.max(aheadMs, nowMs - Date.now());
    const offsetMs = aheadMs;
    let last = Math.ceil((expiresMs - nowMs) / SECOND_MS);
    const timer = setInterval(() => {
      const seconds = Math.max(0, Math.ceil((expiresMs - Date.now() - offsetMs) / SECOND_MS));
      for (const mark of [60, 10]) if (last > mark && seconds <= mark) say(`Expires in ${mark} seconds`);
      if (last > 0 && seconds === 0) {
        say("Expired. It did not run.");
        setTimeout(() => router.refresh(), SECOND_MS / 2);
      }
      last = seconds;
      setLeft(seconds);
    }, SECOND_MS);
    return () => clearInterval(timer);
  }, [nowMs, expiresMs, router]);

  return (
    <span className="whitespace-nowrap">
      <span className="text-muted">Due in </span>
      <b className="font-mono font-semibold">{clock(left)}</b>
    </span>
  );
}

const secondsBetween = (from: Date, to: Date) => Math.max(0, Math.ceil((to.getTime() - from.getTime()) / SECOND_MS));

/** 04:12, 1:04:12, 2 d 03:04:12. */
function clock(seconds: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const rest = `${two(Math.floor((seconds % 3_600) / 60))}:${two(seconds % 60)}`;
  if (days > 0) return `${days} d ${two(hours)}:${rest}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
