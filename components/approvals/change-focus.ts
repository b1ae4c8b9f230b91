"use client";

import { say } from "./announcer";

const PART = "[data-review-part]";
/** Rows that say what happens to them; a part without any is a change as a whole. */
const CHANGE = "[data-change]";

/**
 * Moves to the change after or before the place of the focus: the first row of each run of changed rows, and the heading
 * of a part that has no rows of changes.
 */
export function moveToChange(step: 1 | -1): void {
  const stops = [...document.querySelectorAll<HTMLElement>(PART)].flatMap(stopsOf);
  const here = document.activeElement ?? document.body;
  const next =
    step === 1 ? stops.find((stop) => lies(stop, here, "after")) : stops.findLast((stop) => lies(stop, here, "before"));
  if (next) focusOn(next);
  else say(step === 1 ? "No further change." : "No change before this.");
}

function stopsOf(part: HTMLElement): HTMLElement[] {
  // Changed lines that follow one another are one change.
  const rows = [...part.querySelectorAll<HTMLElement>(CHANGE)].filter(
    (row) => !(row.dataset["change"] === "line" && row.previousElementSibling?.matches(CHANGE)),
  );
  const heading = part.querySelector<HTMLElement>("h3");
  return rows.length > 0 ? rows : heading ? [heading] : [];
}

/** Everything lies after the page as a whole; what holds the focus lies neither before nor after it. */
function lies(stop: Element, here: Element, where: "before" | "after"): boolean {
  const mask = where === "after" ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const holds = Node.DOCUMENT_POSITION_CONTAINS;
  const place = here.compareDocumentPosition(stop);
  return stop !== here && (place & mask) !== 0 && (place & holds) === 0;
}

function focusOn(stop: HTMLElement): void {
  if (stop.tabIndex < 0) stop.tabIndex = -1; // can take the focus, and stays out of the order of Tab
  stop.focus({ preventScroll: true });
  stop.scrollIntoView({ block: "nearest" });
}
