/** SHA-256 of bytes; injected, so that the core runs anywhere. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** A node of the tree: 64 lower-case hex digits. */
export type Hash = string;

/**
 * The perfect subtrees an append-only tree consists of, largest first: all that appending needs to remember.
 *
 * Always as many as `size` has one bits; the leaves under them are powers of two that fall from left to right.
 */
export type Frontier = { readonly size: bigint; readonly hashes: readonly Hash[] };

export const EMPTY_FRONTIER: Frontier = Object.freeze({ size: 0n, hashes: Object.freeze([]) });

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/**
 * The hash of an entry. The prefix keeps leaves and nodes apart, so no node can be passed off as an entry.
 *
 * @source RFC 6962 §2.1
 */
export function leafHash(sha256: Sha256, entry: Uint8Array): Hash {
  return hexOf(sha256(concat(LEAF, entry)));
}

/** The hash over two neighbours. */
export function nodeHash(sha256: Sha256, left: Hash, right: Hash): Hash {
  return hexOf(sha256(concat(NODE, bytesOf(left), bytesOf(right))));
}

/** Adds one leaf at index `frontier.size`: the new leaf merges with every equally tall neighbour to its left. */
export function append(sha256: Sha256, frontier: Frontier, leaf: Hash): Frontier {
  const hashes = [...frontier.hashes];
  let merged = leaf;
  for (let rest = frontier.size; rest % 2n === 1n; rest /= 2n) {
    const left = hashes.pop();
    if (left === undefined) throw new RangeError("The frontier has fewer hashes than its size says.");
    merged = nodeHash(sha256, left, merged);
  }
  return { size: frontier.size + 1n, hashes: [...hashes, merged] };
}

/** The root over all leaves; of the empty tree it is the hash of nothing. */
export function rootOf(sha256: Sha256, frontier: Frontier): Hash {
  const last = frontier.hashes.at(-1);
  if (last === undefined) return hexOf(sha256(new Uint8Array(0)));
  return frontier.hashes.slice(0, -1).reduceRight((right, left) => nodeHash(sha256, left, right), last);
}

/** The root over a list of leaves: what a whole export is checked with. */
export function rootOfLeaves(sha256: Sha256, leaves: readonly Hash[]): Hash {
  return rootOf(
    sha256,
    leaves.reduce((frontier, leaf) => append(sha256, frontier, leaf), EMPTY_FRONTIER),
  );
}

/**
 * The neighbours that lead from leaf `index` up to the root, lowest first.
 *
 * @param index 0 ≤ index < leaves.length
 * @source RFC 6962 §2.1.1
 */
export function inclusionProof(sha256: Sha256, leaves: readonly Hash[], index: number): readonly Hash[] {
  if (index < 0 || index >= leaves.length) throw new RangeError(`The tree has no leaf ${index}.`);
  if (leaves.length === 1) return [];
  const split = largestPowerBelow(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusionProof(sha256, left, index), rootOfLeaves(sha256, right)]
    : [...inclusionProof(sha256, right, index - split), rootOfLeaves(sha256, left)];
}

/** The inclusion proof of every leaf, and the root: each node is hashed once, where one proof at a time hashes most of them. */
export function inclusionProofs(
  sha256: Sha256,
  leaves: readonly Hash[],
): { readonly root: Hash; readonly proofs: readonly (readonly Hash[])[] } {
  const proofs: Hash[][] = leaves.map(() => []);
  let level = [...leaves];
  let width = 1;
  while (level.length > 1) {
    for (const [index, path] of proofs.entries()) {
      const sibling = level[Math.floor(index / width) ^ 1];
      if (sibling !== undefined) path.push(sibling);
    }
    const next: Hash[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at], level[at + 1]];
      if (left !== undefined) next.push(right === undefined ? left : nodeHash(sha256, left, right));
    }
    level = next;
    width *= 2;
  }
  return { root: level[0] ?? hexOf(sha256(new Uint8Array(0))), proofs };
}

/**
 * The nodes that show the first `size` leaves to be a prefix of these.
 *
 * @param size 0 < size ≤ leaves.length
 * @source RFC 6962 §2.1.2
 */
export function consistencyProof(sha256: Sha256, leaves: readonly Hash[], size: number): readonly Hash[] {
  if (size < 1 || size > leaves.length)
    throw new RangeError(`No tree of ${size} leaves is a prefix of ${leaves.length}.`);
  return subProof(sha256, leaves, size, true);
}

function subProof(sha256: Sha256, leaves: readonly Hash[], size: number, whole: boolean): readonly Hash[] {
  if (size === leaves.length) return whole ? [] : [rootOfLeaves(sha256, leaves)];
  const split = largestPowerBelow(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return size <= split
    ? [...subProof(sha256, left, size, whole), rootOfLeaves(sha256, right)]
    : [...subProof(sha256, right, size - split, false), rootOfLeaves(sha256, left)];
}

/** The largest power of two below `count`, for count > 1. */
function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const DIGITS = "0123456789abcdef";
/** The value of each digit by its character code; anything else is not there. */
const VALUES: readonly (number | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const value = DIGITS.indexOf(String.fromCharCode(code));
  return value === -1 ? undefined : value;
});

export function hexOf(bytes: Uint8Array): Hash {
  let hex = "";
  for (const byte of bytes) hex += HEX[byte];
  return hex;
}

/** @param hex 64 lower-case hex digits; anything else throws a RangeError */
export function bytesOf(hex: Hash): Uint8Array {
  const bytes = new Uint8Array(32);
  for (let at = 0; at < 32; at += 1) {
    const [high, low] = [VALUES[hex.charCodeAt(2 * at)], VALUES[hex.charCodeAt(2 * at + 1)]];
    if (high === undefined || low === undefined || hex.length !== 64)
      throw new RangeError("A hash is 64 lower-case hex digits.");
    bytes[at] = high * 16 + low;
  }
  return bytes;
}

export const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
