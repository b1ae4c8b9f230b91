"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";

import { createWatchers } from "@/components/ui/watchers";
import { type Bindings, bindingsOf, COMMAND_IDS, COMMANDS, type CommandId } from "@/lib/core/workspaces/shortcuts";

import { isKeysOn, useKeysText } from "./use-preference";

/** What some commands do here and now. */
export type Doing = Readonly<Partial<Record<CommandId, () => void>>>;

type Entry = { readonly latest: () => Doing };

// Whoever came last answers first: a panel goes before the page it lies on.
const entries: Entry[] = [];
const watchers = createWatchers();
let listed: readonly CommandId[] = [];

/** How long the second key of two may take. */
const SEQUENCE_MS = 1_000;
/** Answers stay deaf for so long after another action has come up: a double press must not decide it. */
const DEAF_MS = 400;

let begun = { stroke: "", until: 0 };
let deafUntil = 0;

/** Makes the keys that answer an action deaf for a moment. Called when another action has come up. */
export function deafen(): void {
  deafUntil = performance.now() + DEAF_MS;
}

/**
 * Says what these commands do while the component is mounted: by their keys as this browser has them, and from the palette.
 *
 * A key does nothing while it is held down, typed into a field, pressed with Ctrl, Alt or ⌘, or while a dialog is open.
 */
export function useCommands(doing: Doing): void {
  const latest = useRef(doing);
  useEffect(() => {
    latest.current = doing;
  });
  const names = Object.keys(doing).join(" ");
  useEffect(() => {
    const entry = { latest: () => latest.current };
    entries.push(entry);
    if (entries.length === 1) window.addEventListener("keydown", press);
    announce();
    return () => {
      entries.splice(entries.indexOf(entry), 1);
      if (entries.length === 0) window.removeEventListener("keydown", press);
      announce();
    };
  }, [names]);
}

/** The commands that do something on this page now. */
export function useAvailableCommands(): readonly CommandId[] {
  return useSyncExternalStore(
    watchers.watch,
    () => listed,
    () => listed,
  );
}

/** Does what a command does here. @returns false when nothing here answers to it */
export function perform(id: CommandId): boolean {
  const run = entries.findLast((entry) => entry.latest()[id] !== undefined)?.latest()[id];
  if (run === undefined) return false;
  if (!(COMMANDS[id].decides && performance.now() < deafUntil)) run();
  return true;
}

/** The key a command has in this browser; null when it has none, or keys are off. */
export function useKeyOf(id: CommandId): string | null {
  const text = useKeysText();
  return text === null ? null : (readBindings(text)[id] ?? null);
}

let read: { readonly text: string; readonly bindings: Bindings } | null = null;

/** The keys as kept in a text, read once. */
export function readBindings(text: string): Bindings {
  if (read?.text !== text) read = { text, bindings: bindingsOf(text) };
  return read.bindings;
}

function announce(): void {
  listed = COMMAND_IDS.filter((id) => entries.some((entry) => entry.latest()[id] !== undefined));
  watchers.tell();
}

function press(event: KeyboardEvent): void {
  if (event.repeat || event.defaultPrevented || event.isComposing || !isKeysOn()) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const stroke = strokeOf(event);
  if (stroke === null) return;
  const bindings = readBindings(document.documentElement.dataset["keys"] ?? "");
  const now = performance.now();
  const keys = begun.until > now ? `${begun.stroke} ${stroke}` : stroke;
  begun = { stroke: "", until: 0 };
  const id = COMMAND_IDS.find((one) => bindings[one] === keys) ?? arrowCommand(event);
  if (id !== undefined) {
    if (perform(id)) event.preventDefault();
  } else if (COMMAND_IDS.some((one) => bindings[one]?.startsWith(`${stroke} `))) {
    begun = { stroke, until: now + SEQUENCE_MS };
    event.preventDefault();
  }
}

/** Shift makes another key of a letter; of a sign it is how the sign is typed. */
function strokeOf(event: KeyboardEvent): string | null {
  if (event.key.length !== 1) return event.key.startsWith("Arrow") ? event.key : null;
  return event.shiftKey && /^[A-Z]$/.test(event.key) ? `Shift+${event.key}` : event.key.toLowerCase();
}

/** Arrows go through the queue where they have nothing to scroll and no row of tabs to go through. */
function arrowCommand(event: KeyboardEvent): CommandId | undefined {
  if (event.shiftKey || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return undefined;
  const { target } = event;
  const free =
    target === document.body ||
    (target instanceof HTMLElement && target.closest("[data-review-heading], nav, [data-queue]") !== null);
  if (!free) return undefined;
  return event.key === "ArrowDown" ? "next" : "previous";
}

/** Whether a key pressed here is text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && ["checkbox", "radio", "button", "submit"].includes(target.type))
    return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}
