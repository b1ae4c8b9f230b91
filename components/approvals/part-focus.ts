"use client";

const PARTS = "[data-review-part]";

/** Moves to the part before or after another: the one named, else the one the focus is in, else the first. */
export function moveToPart(step: 1 | -1, from: string | null = null): void {
  const parts = [...document.querySelectorAll<HTMLElement>(PARTS)];
  const at = parts.findIndex((part) =>
    from === null ? part.contains(document.activeElement) : part.dataset["reviewPart"] === from,
  );
  const next = parts[Math.min(parts.length - 1, Math.max(0, at + step))];
  next?.querySelector<HTMLElement>("h3")?.focus();
  next?.scrollIntoView({ block: "start" });
}

/** The id of the part the focus is in; null outside all of them. */
export function focusedPart(): string | null {
  return document.activeElement?.closest<HTMLElement>(PARTS)?.dataset["reviewPart"] ?? null;
}
