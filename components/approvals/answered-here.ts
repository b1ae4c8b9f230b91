"use client";

/** What this tab has answered since it was loaded. */
const answered = new Set<string>();

export function noteAnsweredHere(approvalId: string): void {
  answered.add(approvalId);
}

/**
 * Where to go after an answer. A page fetched ahead names as next what was open then; if that has been answered here
 * since, the desk itself finds what is still open, or shows the result.
 */
export function onwardFrom(nextHref: string | null, doneHref: string): string {
  if (nextHref === null) return doneHref;
  const item = new URL(nextHref, window.location.href).searchParams.get("item");
  return item !== null && answered.has(item) ? doneHref : nextHref;
}
