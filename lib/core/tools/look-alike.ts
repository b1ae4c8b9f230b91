import { skeletonOf } from "@/lib/core/shared/skeleton";

/** Under this length one letter is a large part of a name, and pairs like `get`/`put` are common. */
const SHORTEST_COMPARED = 6;

/** The look-alike form a tool is stored under; that of a look-alike is made its own, which no name can have. */
export function storedSkeleton(name: string, twin: string | null): string {
  return twin === null ? skeletonOf(name) : `${skeletonOf(name)} ~ ${name}`;
}

/** A known name one letter away, which is easily taken for this one: `get_user_roles` and `get_user_role`. */
export function neighbourOf(name: string, known: Iterable<string>): string | null {
  if (name.length < SHORTEST_COMPARED) return null;
  for (const other of known) {
    if (other.length >= SHORTEST_COMPARED && isOneEdit(name, other)) return other;
  }
  return null;
}

/** Whether one letter added, dropped or replaced makes one name the other. Linear: a catalogue is compared whole. */
function isOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  if (at === a.length && at === b.length) return false;
  return a.slice(a.length < b.length ? at : at + 1) === b.slice(b.length < a.length ? at : at + 1);
}
