"use client";

/** How a long part is gone through. */
export type PartEnd = {
  /** Whether its end has been on screen. */
  reached(): boolean;
  /** Goes on by about a screen. */
  forward(): void;
};

const ends = new Map<string, PartEnd>();

/** Makes a long part known while it is on the page. */
export function registerEnd(id: string, end: PartEnd): () => void {
  ends.set(id, end);
  return () => {
    if (ends.get(id) === end) ends.delete(id);
  };
}

/** Goes on in a long part whose end nobody has seen; answers whether it did, since then it is not viewed yet. */
export function goesOn(id: string): boolean {
  const end = ends.get(id);
  if (!end || end.reached()) return false;
  end.forward();
  return true;
}
