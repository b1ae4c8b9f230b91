"use client";

import { useSyncExternalStore } from "react";

import { LiveRegion } from "@/components/ui/live-region";
import { createWatchers } from "@/components/ui/watchers";

let said = "";
const watchers = createWatchers();

/** Speaks one sentence through the desk's status region. Saying the same again is heard again. */
export function say(sentence: string): void {
  // A region that is set to the text it has is silent; a trailing space is another text that sounds the same.
  said = said === sentence ? `${sentence} ` : sentence;
  watchers.tell();
}

const onServer = () => "";

/** The desk's one status region. It stays while items come and go. */
export function Announcer() {
  return <LiveRegion>{useSyncExternalStore(watchers.watch, () => said, onServer)}</LiveRegion>;
}
