import type { SpendQuery } from "@/lib/core/figures/spend";

/** What the page's figures can be narrowed to. */
export const SPEND_FILTERS = ["agent", "model", "provider", "tool"] as const;

/** The address of the page with some of it changed; what it has by default is left out. */
export function spendAddress(
  query: SpendQuery,
  change: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const { by, ...rest } = query;
  return { ...rest, by: by === "agent" ? undefined : by, ...change };
}

/** The same page without filters. */
export const unfiltered = (query: SpendQuery): Readonly<Record<string, string | undefined>> =>
  spendAddress(query, Object.fromEntries(SPEND_FILTERS.map((name) => [name, undefined])));

/** The filters in force, each with its value. */
export const spendFilters = (query: SpendQuery): readonly (readonly [string, string])[] =>
  SPEND_FILTERS.flatMap((name) => {
    const value = query[name];
    return value ? [[name, value] as const] : [];
  });
