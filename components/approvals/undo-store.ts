"use client";

import { useSyncExternalStore } from "react";

import { createWatchers } from "@/components/ui/watchers";
import { paths } from "@/lib/core/shared/paths";
import { SECOND_MS } from "@/lib/core/shared/time";

import { postBeat } from "./post-beat";

/**
 * An approval that can still be taken back, or what became of that. It outlives the page the approval was given on: the
 * desk has gone on meanwhile.
 */
export type Undoable = {
  readonly approvalId: string;
  readonly untilMs: number;
  readonly state: "offered" | "sending" | "over";
  /** What became of it, in words. */
  readonly message: string;
};

const SHOWN_MS = 6 * SECOND_MS;

let current: Undoable | null = null;
const watchers = createWatchers();

function set(next: Undoable | null): void {
  current = next;
  watchers.tell();
}

/** Offers to take an approval back for so many seconds. Of two, the later one is offered. */
export function offerUndo(approvalId: string, seconds: number): void {
  const offered: Undoable = { approvalId, untilMs: Date.now() + seconds * SECOND_MS, state: "offered", message: "" };
  set(offered);
  setTimeout(() => {
    if (current === offered) set(null);
  }, seconds * SECOND_MS);
}

/** Takes the offered approval back. @returns what became of it, in words; null when nothing is offered */
export async function takeBack(): Promise<string | null> {
  if (current?.state !== "offered") return null;
  const sent: Undoable = { ...current, state: "sending" };
  set(sent);
  const over: Undoable = { ...sent, state: "over", message: await sendUndo(sent.approvalId) };
  if (current === sent) set(over);
  setTimeout(() => {
    if (current === over) set(null);
  }, SHOWN_MS);
  return over.message;
}

async function sendUndo(approvalId: string): Promise<string> {
  try {
    const response = await postBeat(paths.undo(), { approval_id: approvalId });
    const answer: unknown = await response.json();
    if (!response.ok) return textIn(answer, "detail") ?? NOT_HEARD;
    return textIn(answer, "state") === "superseded"
      ? "Taken back. The agent has asked for the same again, and that request waits."
      : "Taken back. It waits again.";
  } catch {
    return NOT_HEARD;
  }
}

const NOT_HEARD = "Not taken back: there was no answer. Look whether it still waits.";

function textIn(answer: unknown, name: string): string | null {
  if (typeof answer !== "object" || answer === null) return null;
  const value: unknown = Object.entries(answer).find(([key]) => key === name)?.[1];
  return typeof value === "string" ? value : null;
}

/** What can be taken back now, or was just now; null for nothing. */
export function useUndoable(): Undoable | null {
  return useSyncExternalStore(
    watchers.watch,
    () => current,
    () => null,
  );
}
