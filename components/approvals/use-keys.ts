"use client";

import { useEffect, useRef } from "react";

import { isTyping } from "@/components/layout/commands";

/** Keys that act, by `event.key`; a letter pressed with Shift as `Shift+D`. */
export type KeyMap = Readonly<Record<string, () => void>>;

/**
 * Calls back for single keys anywhere on the page.
 *
 * Not for a held key, a key with a modifier, a key typed into a field, or while a dialog is open; so a word typed in a
 * note never decides anything.
 */
export function useKeys(map: KeyMap, enabled: boolean): void {
  const latest = useRef(map);
  useEffect(() => {
    latest.current = map;
  });
  useEffect(() => {
    if (!enabled) return;
    const press = (event: KeyboardEvent) => {
      if (event.repeat || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
      // Shift makes another key of a letter; of a sign it is how the sign is typed.
      const key = event.shiftKey && /^[A-Z]$/.test(event.key) ? `Shift+${event.key}` : event.key;
      const act = Object.hasOwn(latest.current, key) ? latest.current[key] : undefined;
      if (!act) return;
      // A focused button or link answers Enter itself.
      if (event.key === "Enter" && isControl(event.target)) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [enabled]);
}

const isControl = (target: EventTarget | null) =>
  target instanceof HTMLElement && ["BUTTON", "A", "SUMMARY"].includes(target.tagName);
