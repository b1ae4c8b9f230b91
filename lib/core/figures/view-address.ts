/** What the names of fields begin with that are parts of an address. */
export const QUERY_PREFIX = "query.";

const entriesOf = (query: Readonly<Record<string, string | undefined>>): string =>
  JSON.stringify(
    Object.entries(query)
      .filter(([, value]) => value !== undefined && value !== "")
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Whether two addresses ask for the same. */
export const isSameQuery = (
  one: Readonly<Record<string, string | undefined>>,
  other: Readonly<Record<string, string | undefined>>,
): boolean => entriesOf(one) === entriesOf(other);
