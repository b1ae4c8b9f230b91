const STEPS = [1, 2, 2.5, 5, 10];

/** The marks of an axis that begins at 0 and holds `highest`: round, evenly spaced, at most six of them. */
export function ticksFor(highest: number): readonly number[] {
  if (!Number.isFinite(highest) || highest <= 0) return [0, 1];
  const rough = highest / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((each) => each * size >= rough * (1 - 1e-9)) ?? 10) * size;
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}

/** Which of `count` places along an axis are named: the first, the last and as many between as `room` leaves, evenly. */
export function namedPlaces(count: number, room: number): readonly number[] {
  if (count <= 1) return count === 1 ? [0] : [];
  const every = Math.max(1, Math.ceil((count - 1) / Math.max(1, room - 1)));
  const places = Array.from({ length: Math.ceil(count / every) }, (_, at) => at * every);
  const last = count - 1;
  const before = places.at(-1) ?? 0;
  if (before === last) return places;
  // What stands too near the end gives way to it.
  return last - before < every * 0.7 && places.length > 1 ? [...places.slice(0, -1), last] : [...places, last];
}

/**
 * Where words beside a line stand: as near to their own height as they can without touching, and inside `low` to `high`.
 *
 * @param wanted heights in any order; the result has the same order
 */
export function placeWords(
  wanted: readonly number[],
  { gap, low, high }: { readonly gap: number; readonly low: number; readonly high: number },
): readonly number[] {
  const order = wanted.map((at, index) => ({ at, index })).toSorted((a, b) => a.at - b.at || a.index - b.index);
  const groups: { from: number; members: number[]; sum: number }[] = [];
  for (const { at, index } of order) {
    groups.push({ from: at, members: [index], sum: at });
    // Words that touch become one block, which stands around the middle of what they wanted.
    for (let last = groups.length - 1; last > 0; last -= 1) {
      const [above, below] = [groups[last - 1], groups[last]];
      if (!above || !below || above.from + above.members.length * gap <= below.from) break;
      const members = [...above.members, ...below.members];
      const sum = above.sum + below.sum;
      const from = sum / members.length - ((members.length - 1) * gap) / 2;
      groups.splice(last - 1, 2, { from: Math.max(low, from), members, sum });
    }
  }
  const places = Array.from<number>({ length: wanted.length }).fill(low);
  let floor = high;
  for (const group of groups.toReversed()) {
    const from = Math.max(low, Math.min(group.from, floor - (group.members.length - 1) * gap));
    group.members.forEach((index, at) => {
      places[index] = from + at * gap;
    });
    floor = from - gap;
  }
  return places;
}
