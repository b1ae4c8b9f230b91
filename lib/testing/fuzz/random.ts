/** A source of numbers that a seed repeats. @source mulberry32, public domain */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Texts in which the forbidden part stands between marks that may or may not hide it. */
export function hiddenTextsOf(
  {
    pieces,
    marks,
    before,
  }: {
    readonly pieces: readonly string[];
    readonly marks: readonly (readonly [string, string])[];
    readonly before: string;
  },
  forbidden: string,
  random: () => number,
): () => string {
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)];
  const some = (most: number) =>
    Array.from({ length: Math.floor(random() * most) }, () => pick(pieces) ?? "").join(" ");
  return () => {
    const [open, close] = pick(marks) ?? ["", ""];
    const [other, end] = pick(marks) ?? ["", ""];
    const inside = [some(3), other, some(2), "; ", forbidden, some(2), end, some(2)].join(" ");
    return [before, open, inside, close, some(3)].join(random() < 0.5 ? "" : " ");
  };
}

/** Texts of random pieces; each holds the forbidden one. */
export function textsOf(pieces: readonly string[], forbidden: string, random: () => number): () => string {
  const pick = () => pieces[Math.floor(random() * pieces.length)] ?? "";
  return () => {
    const parts = Array.from({ length: 2 + Math.floor(random() * 9) }, pick);
    parts.splice(Math.floor(random() * (parts.length + 1)), 0, forbidden);
    return parts.join(random() < 0.5 ? "" : " ");
  };
}
