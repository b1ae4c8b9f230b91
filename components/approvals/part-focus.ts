"use client";

const PARTS = "[data-review-part]";

/** Moves to the part before or after the one the focus is in, or to the first; says which it was. */
export function moveToPart(step: 1 | -1): void {
  const parts = [...document.querySelectorAll<HTMLElement>(PARTS)];
  const at = parts.findIndex((part) => part.contains(document.activeElement));
  const next = parts[Math.min(parts.length - 1, Math.max(0, at + step))];
  next?.querySelector<HTMLElement>("h3")?.focus();
  next?.scrollIntoView({ block: "start" });
}

/** The id of the part the focus is in; null outside all of them. */
export function focusedPart(): string | null {
  return document.activeElement?.closest<HTMLElement>(PARTS)?.dataset["reviewPart"] ?? null;
}
