// Where letters lie, in key widths: the rows of a QWERTY, a QWERTZ and an AZERTY keyboard, each row set in a little.
const LAYOUTS = [
  ["1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"],
  ["1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm,.-"],
  ["1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn,;:!"],
];
const SET_IN = [0, 0.5, 0.75, 1.25];
const NEIGHBOUR = 1.5;

/** Whether a finger that misses one key may hit the other, on any of the usual keyboards; the same key is nearest. */
export function isTooNear(one: string, two: string): boolean {
  if (one === two) return true;
  return LAYOUTS.some((rows) => {
    const [a, b] = [placeOf(rows, one), placeOf(rows, two)];
    return a !== null && b !== null && Math.hypot(a.x - b.x, a.y - b.y) < NEIGHBOUR;
  });
}

function placeOf(rows: readonly string[], key: string): { readonly x: number; readonly y: number } | null {
  const y = rows.findIndex((row) => row.includes(key));
  return y < 0 ? null : { x: (rows[y] ?? "").indexOf(key) + (SET_IN[y] ?? 0), y };
}
