"use client";

import { useEffect, useState } from "react";

import { paths } from "@/lib/core/shared/paths";
import { SECOND_MS } from "@/lib/core/shared/time";

import { postBeat } from "./post-beat";

const BEAT_MS = 2 * SECOND_MS;
const TICK_MS = 500;
/** The server credits no more for one gap, so no more is shown. */
const MOST_AHEAD_SECONDS = 3;

/** What the server has counted of one's looking, and whether it goes on counting. */
export type Attention = {
  readonly seconds: number;
  readonly state: "counting" | "away" | "unheard";
};

const NOTHING: Attention = { seconds: 0, state: "counting" };

/** Whether somebody can be looking at this page now. */
export function isLooking(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/**
 * Tells the server, every two seconds, that the action is in view and in focus. The server counts by its own clock; what
 * is shown here is its count and, between two beats, the moment since. A beat that does not arrive counts nothing.
 */
export function useAttention(approvalId: string, displayDigest: string, counting: boolean): Attention {
  const [attention, setAttention] = useState<Attention>(NOTHING);
  useEffect(() => {
    if (!counting) return;
    const watch = watchLooking(approvalId, displayDigest, setAttention);
    return () => watch.stop();
  }, [approvalId, displayDigest, counting]);
  return attention;
}

function watchLooking(approvalId: string, displayDigest: string, tell: (attention: Attention) => void) {
  let [seconds, heardAt, sentAt] = [0, 0, 0];
  let begun = false; // since the page was last looked away from
  let failed = false;
  let over = false;

  const send = async (begins: boolean) => {
    sentAt = performance.now();
    try {
      const response = await postBeat(paths.looks(), {
        approval_id: approvalId,
        display_digest: displayDigest,
        begins,
      });
      if (!response.ok) throw new Error(String(response.status));
      const answer: unknown = await response.json();
      seconds = Math.max(seconds, secondsIn(answer));
      // Not from when it was sent: the server counts from when it arrived, and no more may be shown than it has counted.
      heardAt = performance.now();
      failed = false;
    } catch {
      failed = true; // the next beat tries again; until one arrives nothing counts
    }
    show();
  };
  const show = () => {
    if (over) return;
    const looking = isLooking();
    const since = looking && begun && heardAt > 0 ? (performance.now() - heardAt) / SECOND_MS : 0;
    const state = failed ? "unheard" : looking ? "counting" : "away";
    tell({ seconds: seconds + (failed ? 0 : Math.min(MOST_AHEAD_SECONDS, since)), state });
  };
  const look = () => {
    const looking = isLooking();
    if (looking && !begun) {
      begun = true;
      void send(true);
    } else if (!looking && begun) {
      begun = false;
      void send(false); // what was looked at until now
    } else if (looking && performance.now() - sentAt >= BEAT_MS) void send(false);
    show();
  };

  const events = ["focus", "blur", "pagehide"] as const;
  for (const name of events) window.addEventListener(name, look);
  document.addEventListener("visibilitychange", look);
  const timer = setInterval(look, TICK_MS);
  look();
  return {
    stop() {
      over = true;
      clearInterval(timer);
      for (const name of events) window.removeEventListener(name, look);
      document.removeEventListener("visibilitychange", look);
    },
  };
}

function secondsIn(answer: unknown): number {
  if (typeof answer !== "object" || answer === null || !("seconds" in answer)) return 0;
  return typeof answer.seconds === "number" ? answer.seconds : 0;
}
