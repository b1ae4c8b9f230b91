"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";

import { REOPENED, useEvents, useLiveState } from "@/components/layout/use-events";
import { bandWord } from "@/components/ui/band-mark";
import { BANDS } from "@/lib/core/decisions/bands";
import type { Band } from "@/lib/core/decisions/schema";

import { say } from "./announcer";

const TOPICS = [
  "approval.waiting",
  "approval.vote",
  "approval.settled",
  "approval.settle",
  "approval.undo",
  "approval.escalated",
  "approval.extend",
  "approval.hand_off",
  "approval.ask_for",
  "batch.take",
  "batch.renew",
  "batch.end",
  "approval.rerun",
  "approval.base_moved",
  "agent.asking_paused",
  "agent.asking_resumed",
  "run.halted",
  "stop.request",
  "stop.consent",
  "stop.resume",
  "execution.sweep",
  "execution.answer",
];
const AT_MOST_EVERY_MS = 400;

/** Draws the desk again, in place, as soon as something about it changes, and says what is new. */
export function DeskLive({ me }: { me: string }) {
  const router = useRouter();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const news = useRef<Band[]>([]);
  const lastMs = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  // What happened between drawing this page and hearing of changes was heard by nobody: look once more.
  const live = useLiveState() === "live";
  const deaf = useRef(false);
  useEffect(() => {
    if (live && deaf.current) router.refresh();
    deaf.current = !live;
  }, [live, router]);

  const look = () => {
    timer.current = undefined;
    lastMs.current = Date.now();
    if (news.current.length > 0) say(newsText(news.current));
    news.current = [];
    router.refresh();
  };
  useEvents(TOPICS, (event) => {
    const band = BANDS.find((one) => one === event.payload["band"]);
    if (event.topic === "approval.hand_off" && event.payload["to"] === me) say("An action was handed to you.");
    if (event.topic === "approval.ask_for" && isAmong(event.payload["holders"], me))
      say("Somebody asks for an action you have.");
    if (event.topic === "approval.waiting" && band !== undefined) news.current.push(band);
    if (timer.current !== undefined) return;
    // At once when it is quiet; together when it is not.
    const wait = event.topic === REOPENED ? 0 : Math.max(0, lastMs.current + AT_MOST_EVERY_MS - Date.now());
    timer.current = setTimeout(look, wait);
  });
  return null;
}

const isAmong = (list: unknown, id: string) => Array.isArray(list) && list.includes(id);

function newsText(bands: readonly Band[]): string {
  const highest = BANDS.findLast((band) => bands.includes(band)) ?? "low";
  return bands.length === 1 ? `1 new, ${bandWord(highest)}` : `${bands.length} new, highest ${bandWord(highest)}`;
}
