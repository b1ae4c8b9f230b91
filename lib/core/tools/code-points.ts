/** A set of Unicode code points: ranges in order that neither touch nor overlap. */
export type CodePoints = readonly (readonly [first: number, last: number])[];

const LAST = 0x10_ffff;
const at = (text: string): CodePoints =>
  unite(Array.from(text, (one) => [one.codePointAt(0) ?? 0, one.codePointAt(0) ?? 0]));

export const ALL: CodePoints = [[0, LAST]];
export const DIGITS: CodePoints = [[0x30, 0x39]];
export const WORD: CodePoints = unite([...DIGITS, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]]);
/** ECMA-262's LineTerminator: what `.` does not match. */
export const LINE_ENDS: CodePoints = at("\n\r\u2028\u2029");
/** ECMA-262's WhiteSpace and LineTerminator: what `\s` matches. */
export const SPACE: CodePoints = unite([
  ...at("\t\n\u000b\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"),
  [0x2000, 0x200a],
]);

/** Everything in any of the ranges, which may overlap and come in any order. */
export function unite(ranges: CodePoints): CodePoints {
  const united: [number, number][] = [];
  for (const [first, last] of ranges.toSorted(([a], [b]) => a - b)) {
    const previous = united.at(-1);
    if (previous !== undefined && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else united.push([first, last]);
  }
  return united;
}

/** Everything that is not in the set. */
export function complement(set: CodePoints): CodePoints {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) rest.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST) rest.push([next, LAST]);
  return rest;
}

const properties = new Map<string, CodePoints>();

/** The code points with a Unicode property, such as `Letter` or `Script=Greek`, as the JavaScript engine knows them. */
export function withProperty(name: string): CodePoints {
  const known = properties.get(name);
  if (known) return known;
  const one = new RegExp(`^\\p{${name}}$`, "u");
  const found: [number, number][] = [];
  for (let point = 0; point <= LAST; point += 1) {
    if (!one.test(String.fromCodePoint(point))) continue;
    const previous = found.at(-1);
    if (previous?.[1] === point - 1) previous[1] = point;
    else found.push([point, point]);
  }
  properties.set(name, found);
  return found;
}
