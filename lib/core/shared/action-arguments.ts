const MAX_DEPTH = 64;
const MAX_CHUNKS = 200;

/** What stands for a value JSON has no word for; `$$` begins an ordinary text. */
const VALUE =
  /^\$(?:undefined|NaN|-?Infinity|-0|n-?\d{1,30}|K[0-9a-f]+|\$[^]*|D\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/;
/** Another part of the same form, and a place in it. */
const REFERENCE = /^\$@?([0-9a-f]{1,8})(?::[^]*)?$/;

/**
 * Whether the arguments of a server action can be read, so that the framework does not fail at them. Texts, numbers, dates,
 * objects, lists and forms are all that our pages send; streams, files in lists, functions and other kinds are not taken.
 *
 * @param text the JSON of the list of arguments
 * @param partOf another part of the form by its number
 */
export function areActionArguments(text: string | null, partOf: (id: string) => string | null): boolean {
  const root = parsed(text);
  return Array.isArray(root) && isReadable(root, partOf, new Set(), 0);
}

function isReadable(value: unknown, partOf: (id: string) => string | null, seen: Set<string>, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (typeof value === "string") {
    if (!value.startsWith("$") || VALUE.test(value)) return true;
    const id = REFERENCE.exec(value)?.[1];
    if (id === undefined) return false;
    if (seen.has(id)) return true;
    seen.add(id);
    const part = seen.size > MAX_CHUNKS ? undefined : parsed(partOf(id));
    return part !== undefined && isReadable(part, partOf, seen, depth + 1);
  }
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every((member) => isReadable(member, partOf, seen, depth + 1));
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
