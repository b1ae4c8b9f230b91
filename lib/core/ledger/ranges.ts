import { EMPTY_FRONTIER, append, type Hash, nodeHash, rootOf, type Sha256 } from "./merkle";

/** Leaves from `start` up to and without `end`; `start` is a multiple of the least power of two that holds them all. */
export type LeafRange = { readonly start: bigint; readonly end: bigint };

/** Nodes that are stored side by side: `count` of them from `index` on, each over 2^level leaves. */
export type StoredNodes = { readonly level: number; readonly index: bigint; readonly count: number };

/** Nodes are stored for every eighth level, so that a proof reads at most 255 of each. */
export const STORED_EVERY = 8;

/** The subtrees whose roots are the inclusion proof of leaf `index`, lowest first. @source RFC 6962 §2.1.1 */
export function inclusionRanges(index: bigint, size: bigint): readonly LeafRange[] {
  if (index < 0n || index >= size) throw new RangeError(`The tree has no leaf ${index}.`);
  const ranges: LeafRange[] = [];
  let [start, end] = [0n, size];
  while (end - start > 1n) {
    const split = start + largestPowerBelow(end - start);
    if (index < split) {
      ranges.push({ start: split, end });
      end = split;
    } else {
      ranges.push({ start, end: split });
      start = split;
    }
  }
  return ranges.toReversed();
}

/** The subtrees whose roots show that the first `older` leaves are a prefix of `newer`. @source RFC 6962 §2.1.2 */
export function consistencyRanges(older: bigint, newer: bigint): readonly LeafRange[] {
  if (older < 1n || older > newer) throw new RangeError(`No tree of ${older} leaves is a prefix of ${newer}.`);
  const ranges: LeafRange[] = [];
  let [start, end, whole] = [0n, newer, true];
  while (older !== end) {
    const split = start + largestPowerBelow(end - start);
    if (older <= split) {
      ranges.push({ start: split, end });
      end = split;
    } else {
      ranges.push({ start, end: split });
      start = split;
      whole = false;
    }
  }
  if (!whole) ranges.push({ start, end });
  return ranges.toReversed();
}

/** What must be read to know the root over a range: for each of its perfect subtrees the nearest level that is stored. */
export function storedNodesOf({ start, end }: LeafRange): readonly StoredNodes[] {
  return perfectSubtrees(start, end).map(({ from, height }) => {
    const level = height - (height % STORED_EVERY);
    return { level, index: from >> BigInt(level), count: 2 ** (height - level) };
  });
}

/** The root over a range, from the hashes of its stored nodes in the same order. */
export function hashOfRange(sha256: Sha256, nodes: readonly (readonly Hash[])[]): Hash {
  const roots = nodes.map((hashes) =>
    rootOf(
      sha256,
      hashes.reduce((frontier, hash) => append(sha256, frontier, hash), EMPTY_FRONTIER),
    ),
  );
  return roots.reduceRight((right, left) => nodeHash(sha256, left, right));
}

function perfectSubtrees(start: bigint, end: bigint): readonly { readonly from: bigint; readonly height: number }[] {
  const subtrees: { from: bigint; height: number }[] = [];
  let from = start;
  for (let height = (end - start).toString(2).length - 1; height >= 0; height -= 1) {
    const width = 1n << BigInt(height);
    if (((end - start) & width) === 0n) continue;
    subtrees.push({ from, height });
    from += width;
  }
  return subtrees;
}

/** The largest power of two below `count`, for count > 1. */
function largestPowerBelow(count: bigint): bigint {
  return 1n << BigInt((count - 1n).toString(2).length - 1);
}
