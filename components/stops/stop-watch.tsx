"use client";

import { useRouter } from "next/navigation";

import { REOPENED, useEvents } from "@/components/layout/use-events";

const TOPICS = ["stop.request", "stop.consent", "stop.resume", "workspace.recover"];

/** Draws every open page again when something is stopped or resumed, whoever did it. */
export function StopWatch() {
  const router = useRouter();
  useEvents(TOPICS, (event) => {
    if (event.topic !== REOPENED) router.refresh();
  });
  return null;
}
