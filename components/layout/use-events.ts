"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";

import { listen, type LiveEvent, type LiveState, liveState, REOPENED, watchState } from "./event-stream";

export { type LiveEvent, REOPENED };

/**
 * Calls back for each live event of these topics while the component is mounted.
 *
 * After a gap that the stream could not bridge it calls back once with topic `REOPENED`, whatever the topics: look again.
 */
export function useEvents(topics: readonly string[], onEvent: (event: LiveEvent) => void): void {
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });
  const key = topics.join("\n");
  useEffect(() => {
    const wanted = new Set(key.split("\n"));
    return listen((event) => {
      if (event.topic === REOPENED || wanted.has(event.topic)) latest.current(event);
    });
  }, [key]);
}

const onServer = (): LiveState => "connecting";

/** Whether the page hears of changes as they happen. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(watchState, liveState, onServer);
}
