/** At most so many are denied with one reason, and so many Low ones of one group approved together. */
export const MOST_DENIED_TOGETHER = 25;
export const MOST_APPROVED_TOGETHER = 5;

/** Collapses what is alike, in the order of the first of each group. */
export function grouped<T extends { readonly group: string }>(items: readonly T[]): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const known = groups.get(item.group);
    if (known) known.push(item);
    else groups.set(item.group, [item]);
  }
  return [...groups.values()];
}
