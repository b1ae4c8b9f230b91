import { createHash } from "node:crypto";

import fc from "fast-check";
import { expect, test } from "vitest";

import { consistencyProof, type Hash, inclusionProof, leafHash, rootOfLeaves } from "./merkle";
import { consistencyRanges, hashOfRange, inclusionRanges, type LeafRange, storedNodesOf } from "./ranges";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const LEAVES = Array.from({ length: 1_300 }, (_, n) => leafHash(sha256, Uint8Array.of(n & 255, n >> 8)));

/** What the sequencer would have stored of the first `size` leaves. */
function stored(level: number, index: bigint, count: number, size: number): readonly Hash[] {
  const width = 2 ** level;
  return Array.from({ length: count }, (_, n) => (Number(index) + n) * width)
    .filter((from) => from + width <= size)
    .map((from) => rootOfLeaves(sha256, LEAVES.slice(from, from + width)));
}

function proofOf(ranges: readonly LeafRange[], size: number): readonly Hash[] {
  return ranges.map((range) => {
    const parts = storedNodesOf(range);
    const lists = parts.map((part) => stored(part.level, part.index, part.count, size));
    expect(lists.map((list) => list.length)).toEqual(parts.map((part) => part.count));
    return hashOfRange(sha256, lists);
  });
}

test("proofs from stored nodes are the proofs by definition", () => {
  const size = fc.integer({ min: 1, max: LEAVES.length });
  fc.assert(
    fc.property(size, fc.nat(), (count, at) => {
      const leaves = LEAVES.slice(0, count);
      const index = at % count;
      expect(proofOf(inclusionRanges(BigInt(index), BigInt(count)), count)).toEqual(
        inclusionProof(sha256, leaves, index),
      );
      expect(proofOf(consistencyRanges(BigInt(index + 1), BigInt(count)), count)).toEqual(
        consistencyProof(sha256, leaves, index + 1),
      );
    }),
    { numRuns: 60 },
  );
});

test("a proof in a huge tree reads few rows", () => {
  const rows = inclusionRanges(123_456_789n, 987_654_321n)
    .flatMap(storedNodesOf)
    .reduce((sum, part) => sum + part.count, 0);
  expect(rows).toBeLessThan(2_000);
});
