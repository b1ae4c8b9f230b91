import { type Hash, isHash, nodeHash, type Sha256 } from "./merkle";

/** A claim that an entry stands at `index` of a tree with this root. */
export type Inclusion = {
  readonly index: bigint;
  readonly size: bigint;
  readonly leaf: Hash;
  readonly proof: readonly Hash[];
  readonly root: Hash;
};

/** A claim that a tree only grew: the older root is over a prefix of the newer one's leaves. */
export type Consistency = {
  readonly olderSize: bigint;
  readonly olderRoot: Hash;
  readonly newerSize: bigint;
  readonly newerRoot: Hash;
  readonly proof: readonly Hash[];
};

/**
 * Whether the proof leads from the leaf to the root. Total: a malformed claim is false, never an exception.
 *
 * @source RFC 9162 §2.1.3.2
 */
export function verifyInclusion(sha256: Sha256, claim: Inclusion): boolean {
  return isHash(claim.root) && rootFromProof(sha256, claim) === claim.root;
}

/**
 * The root that a proof leads to from a leaf; null for a proof that fits no tree of this size.
 *
 * @source RFC 9162 §2.1.3.2
 */
export function rootFromProof(sha256: Sha256, claim: Omit<Inclusion, "root">): Hash | null {
  if (claim.index < 0n || claim.index >= claim.size) return null;
  if (![claim.leaf, ...claim.proof].every(isHash)) return null;
  let place = claim.index;
  let last = claim.size - 1n;
  let hash = claim.leaf;
  for (const sibling of claim.proof) {
    if (last === 0n) return null;
    if (isOdd(place) || place === last) {
      hash = nodeHash(sha256, sibling, hash);
      // A right edge without a partner on this level moves up unhashed.
      while (!isOdd(place) && place !== 0n) [place, last] = [place >> 1n, last >> 1n];
    } else {
      hash = nodeHash(sha256, hash, sibling);
    }
    [place, last] = [place >> 1n, last >> 1n];
  }
  return last === 0n ? hash : null;
}

/**
 * Whether the newer tree extends the older one. Total: a malformed claim is false, never an exception.
 *
 * The empty tree is a prefix of every tree and needs no proof; its root must still be the empty one.
 *
 * @param emptyRoot the root of the tree without leaves
 * @source RFC 9162 §2.1.4.2
 */
export function verifyConsistency(sha256: Sha256, claim: Consistency, emptyRoot: Hash): boolean {
  const { olderSize, newerSize, proof } = claim;
  if (olderSize < 0n || olderSize > newerSize) return false;
  if (![claim.olderRoot, claim.newerRoot, ...proof].every(isHash)) return false;
  if (olderSize === newerSize) {
    return (
      proof.length === 0 && claim.olderRoot === claim.newerRoot && (olderSize > 0n || claim.olderRoot === emptyRoot)
    );
  }
  if (olderSize === 0n) return proof.length === 0 && claim.olderRoot === emptyRoot;
  return climbs(sha256, claim);
}

function climbs(sha256: Sha256, claim: Consistency): boolean {
  // When the older tree is one perfect subtree its own root is the first node, which the proof leaves out.
  const path = isPowerOfTwo(claim.olderSize) ? [claim.olderRoot, ...claim.proof] : [...claim.proof];
  const first = path.shift();
  if (first === undefined || claim.proof.length === 0) return false;
  let [place, last] = [claim.olderSize - 1n, claim.newerSize - 1n];
  while (isOdd(place)) [place, last] = [place >> 1n, last >> 1n];
  let [older, newer] = [first, first];
  for (const node of path) {
    if (last === 0n) return false;
    if (isOdd(place) || place === last) {
      older = nodeHash(sha256, node, older);
      newer = nodeHash(sha256, node, newer);
      while (!isOdd(place) && place !== 0n) [place, last] = [place >> 1n, last >> 1n];
    } else {
      newer = nodeHash(sha256, newer, node);
    }
    [place, last] = [place >> 1n, last >> 1n];
  }
  return last === 0n && older === claim.olderRoot && newer === claim.newerRoot;
}

const isOdd = (value: bigint) => (value & 1n) === 1n;
const isPowerOfTwo = (value: bigint) => value > 0n && (value & (value - 1n)) === 0n;
