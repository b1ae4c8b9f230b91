import fc from "fast-check";

// A small world, so that random manifests and random calls meet: few names, few values, every kind of mistake.

export const NAMES = ["read_a", "write_b", "send_c", "drop_d", "ghost"] as const;
export const CALLED = [
  ...NAMES,
  ...NAMES,
  ...NAMES,
  ...NAMES,
  ...NAMES,
  "Write_B",
  "wr1te_b",
  "dr\u043ep_d",
  "other",
] as const;
export const BLOCKED = ["drop_d", "send_c", "DROP_D", "send_*", "*_d", "w?ite_b", "nothing"] as const;
export const STATUSES = ["open", "closed", "Open", "0pen", 5, true, null] as const;
export const HOSTS = ["api.example.com", "*.internal.example", "203.0.113.7"] as const;
export const SEQUENCE_NAMES = ["first", "second"] as const;
export const NOW = new Date("2026-04-08T10:00:00Z");

/** Half the time. */
export const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
/** Once in `often` and one times. */
export const seldom = <T>(arbitrary: fc.Arbitrary<T>, often = 14): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: often, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
/** Up to three different ones. */
export const some = <T>(items: readonly T[], least = 0) =>
  fc.uniqueArray(fc.constantFrom(...items), { minLength: least, maxLength: 3 });

/** Without the keys that are there and say nothing, as a parsed text would be. */
export function present<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T; // the same keys, fewer
}

/** The members that say something. */
export function presentEntries<V>(object: Record<string, V | undefined>): [string, V][] {
  return Object.entries(object).flatMap(([key, value]): [string, V][] => (value === undefined ? [] : [[key, value]]));
}
