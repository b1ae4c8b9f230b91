import { createHash } from "node:crypto";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  append,
  bytesOf,
  consistencyProof,
  EMPTY_FRONTIER,
  type Hash,
  hexOf,
  inclusionProof,
  inclusionProofs,
  leafHash,
  nodeHash,
  rootOf,
  rootOfLeaves,
} from "./merkle";
import { verifyConsistency, verifyInclusion } from "./proof";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** The eight entries and the roots of every prefix that Certificate Transparency implementations test with. */
const ENTRIES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map(hex);
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const leaves = ENTRIES.map((entry) => leafHash(sha256, entry));
const emptyRoot = rootOf(sha256, EMPTY_FRONTIER);

/** RFC 6962 §2.1 as it is written, by recursion over the whole list. */
function rootByDefinition(list: readonly Hash[]): Hash {
  const [only] = list;
  if (only === undefined) return emptyRoot;
  if (list.length === 1) return only;
  let split = 1;
  while (split * 2 < list.length) split *= 2;
  return nodeHash(sha256, rootByDefinition(list.slice(0, split)), rootByDefinition(list.slice(split)));
}

const anyLeaves = fc
  .array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 70 })
  .map((list) => list.map((entry) => leafHash(sha256, entry)));

describe("the tree", () => {
  test.each(ROOTS.map((root, size) => ({ root, size })))("has the published root at size $size", ({ root, size }) => {
    expect(rootOfLeaves(sha256, leaves.slice(0, size))).toBe(root);
  });

  test("a leaf is SHA-256 of a zero byte and the entry, a node of a one byte and both children", () => {
    expect(leafHash(sha256, hex("4142"))).toBe(hexOf(sha256(hex("004142"))));
    const [a, b] = [ROOTS[0] ?? "", ROOTS[1] ?? ""];
    expect(nodeHash(sha256, a, b)).toBe(hexOf(sha256(hex(`01${a}${b}`))));
  });

  test("appended one by one, it has the root of the definition, and one hash for each one bit of its size", () => {
    fc.assert(
      fc.property(anyLeaves, (list) => {
        const frontier = list.reduce((before, leaf) => append(sha256, before, leaf), EMPTY_FRONTIER);
        expect(rootOf(sha256, frontier)).toBe(rootByDefinition(list));
        expect(frontier.hashes).toHaveLength([...frontier.size.toString(2)].filter((bit) => bit === "1").length);
      }),
    );
  });

  test("refuses a frontier that does not fit its size and a hash that is none", () => {
    expect(() => append(sha256, { size: 3n, hashes: [] }, leaves[0] ?? "")).toThrow(RangeError);
    expect(() => bytesOf("ABC")).toThrow(RangeError);
  });
});

describe("an inclusion proof", () => {
  test("is verified for every leaf of every tree, and leads nowhere else", () => {
    fc.assert(
      fc.property(anyLeaves, fc.nat(), fc.nat(), (list, at, other) => {
        const index = at % list.length;
        const root = rootOfLeaves(sha256, list);
        const claim = {
          index: BigInt(index),
          size: BigInt(list.length),
          leaf: list[index] ?? "",
          proof: inclusionProof(sha256, list, index),
          root,
        };
        expect(verifyInclusion(sha256, claim)).toBe(true);
        expect(verifyInclusion(sha256, { ...claim, root: flipped(root, other) })).toBe(false);
        expect(verifyInclusion(sha256, { ...claim, leaf: flipped(claim.leaf, other) })).toBe(false);
        expect(verifyInclusion(sha256, { ...claim, proof: [...claim.proof, root] })).toBe(false);
        if (claim.proof.length > 0)
          expect(verifyInclusion(sha256, { ...claim, proof: claim.proof.slice(1) })).toBe(false);
        for (const wrong of [-1n, BigInt(list.length)])
          expect(verifyInclusion(sha256, { ...claim, index: wrong })).toBe(false);
      }),
    );
  });

  test("is the hand-made path for leaf 0 of seven", () => {
    const [h0, h1, h2, h3, h4, h5, h6] = leaves as [Hash, Hash, Hash, Hash, Hash, Hash, Hash]; // eight were made above
    const node = (a: Hash, b: Hash) => nodeHash(sha256, a, b);
    expect(inclusionProof(sha256, leaves.slice(0, 7), 0)).toEqual([h1, node(h2, h3), node(node(h4, h5), h6)]);
    expect(inclusionProof(sha256, leaves.slice(0, 7), 6)).toEqual([node(h4, h5), node(node(h0, h1), node(h2, h3))]);
  });

  test("of all leaves at once are those of each leaf, at every size up to seventy", () => {
    const list = Array.from({ length: 70 }, (_, index) => leafHash(sha256, Uint8Array.of(index)));
    expect(inclusionProofs(sha256, [])).toEqual({ root: emptyRoot, proofs: [] });
    for (let size = 1; size <= list.length; size += 1) {
      const some = list.slice(0, size);
      expect(inclusionProofs(sha256, some)).toEqual({
        root: rootOfLeaves(sha256, some),
        proofs: some.map((_, index) => inclusionProof(sha256, some, index)),
      });
    }
  });

  test("with malformed hashes is false and no exception", () => {
    expect(verifyInclusion(sha256, { index: 0n, size: 2n, leaf: "zz", proof: [""], root: "é" })).toBe(false);
  });
});

describe("a consistency proof", () => {
  test("is verified for every prefix of every tree, and for no other history", () => {
    fc.assert(
      fc.property(anyLeaves, fc.nat(), fc.nat(), (list, at, other) => {
        const size = 1 + (at % list.length);
        const claim = {
          olderSize: BigInt(size),
          olderRoot: rootOfLeaves(sha256, list.slice(0, size)),
          newerSize: BigInt(list.length),
          newerRoot: rootOfLeaves(sha256, list),
          proof: consistencyProof(sha256, list, size),
        };
        expect(verifyConsistency(sha256, claim, emptyRoot)).toBe(true);
        expect(verifyConsistency(sha256, { ...claim, olderRoot: flipped(claim.olderRoot, other) }, emptyRoot)).toBe(
          false,
        );
        expect(verifyConsistency(sha256, { ...claim, newerRoot: flipped(claim.newerRoot, other) }, emptyRoot)).toBe(
          false,
        );
        expect(verifyConsistency(sha256, { ...claim, proof: [...claim.proof, claim.newerRoot] }, emptyRoot)).toBe(
          false,
        );
        if (claim.proof.length > 0)
          expect(verifyConsistency(sha256, { ...claim, proof: claim.proof.slice(1) }, emptyRoot)).toBe(false);
      }),
    );
  });

  test("is empty from nothing and to itself, and false towards the past", () => {
    const newerRoot = ROOTS[8] ?? "";
    const claim = { olderSize: 0n, olderRoot: emptyRoot, newerSize: 8n, newerRoot, proof: [] };
    expect(verifyConsistency(sha256, claim, emptyRoot)).toBe(true);
    expect(verifyConsistency(sha256, { ...claim, olderRoot: newerRoot }, emptyRoot)).toBe(false);
    expect(verifyConsistency(sha256, { ...claim, olderSize: 8n, olderRoot: newerRoot }, emptyRoot)).toBe(true);
    expect(verifyConsistency(sha256, { ...claim, olderSize: 9n, olderRoot: newerRoot }, emptyRoot)).toBe(false);
  });
});

/** The hash with one digit changed. */
function flipped(hash: Hash, at: number): Hash {
  const place = at % hash.length;
  return `${hash.slice(0, place)}${hash[place] === "0" ? "1" : "0"}${hash.slice(place + 1)}`;
}
