/** Beyond this a name is no typing mistake, and comparing costs length². */
const LONGEST_COMPARED = 128;

/**
 * The known name somebody most likely meant, for "unknown key, nearest known is …"; null when none is near.
 *
 * Near is at most two edits, or a third of the longer name if that is more, and never the whole of the shorter one.
 * Case is ignored. Ties go to the earlier name.
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  if (name.length > LONGEST_COMPARED) return null;
  let nearest: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const longer = Math.max(name.length, candidate.length);
    const shorter = Math.min(name.length, candidate.length);
    const near = Math.min(Math.max(2, Math.floor(longer / 3)), shorter - 1, least - 1);
    if (candidate.length > LONGEST_COMPARED || longer - shorter > near) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance > near) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest;
}

/**
 * The fewest insertions, deletions, replacements and swaps of neighbours between two texts, in UTF-16 code units.
 *
 * The restricted variant (optimal string alignment): nothing is edited twice. Costs a.length × b.length.
 *
 * @source F. J. Damerau, Commun. ACM 7 (1964), 171–176
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const replaced = at(last, column - 1) + (same ? 0 : 1);
      let cost = Math.min(replaced, at(last, column) + 1, at(current, column - 1) + 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number) => row[column] ?? Number.POSITIVE_INFINITY;
