/** One broken promise: the number is that of the design's list of invariants. */
export type Violation = { readonly invariant: number; readonly what: string };

export const violation = (invariant: number, what: string): Violation => ({ invariant, what });

/** The items under each key, in their order. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** The items by their key, which no two share. */
export const indexBy = <T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [keyOf(item), item]));
