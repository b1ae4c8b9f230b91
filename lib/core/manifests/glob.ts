/** Whether a text is a pattern and not a name. */
export const isGlob = (text: string) => text.includes("*") || text.includes("?");

/**
 * Matches a whole name against `*` (any run of characters) and `?` (any one character).
 *
 * Remembers only the last star: at worst name.length × pattern.length steps, never more.
 */
export function globMatches(pattern: string, name: string): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (position < name.length) {
    if (pattern[at] === "*") {
      star = at;
      at += 1;
      resume = position;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === name[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      position = resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}
