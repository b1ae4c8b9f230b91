import { createHash } from "node:crypto";

/** A tree that only grows, kept as the roots of its perfect subtrees: bytes instead of text, for a million entries. */
export type Tree = {
  size(): number;
  append(leaf: Buffer): void;
  /** The root in hex as of now. */
  root(): string;
};

const LEAF = Buffer.of(0);
const NODE_BYTES = 65;

/** The leaf of an entry's canonical text. @source RFC 6962 §2.1 */
export function leafOf(text: string): Buffer {
  return createHash("sha256").update(LEAF).update(text, "utf8").digest();
}

export function createTree(): Tree {
  const stack: Buffer[] = [];
  const pair = Buffer.alloc(NODE_BYTES, 1);
  let size = 0;

  function join(left: Buffer, right: Buffer): Buffer {
    left.copy(pair, 1);
    right.copy(pair, 33);
    return createHash("sha256").update(pair).digest();
  }

  return {
    size: () => size,
    append(leaf) {
      let merged = leaf;
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) merged = join(stack.pop() ?? leaf, merged);
      stack.push(merged);
      size += 1;
    },
    root() {
      const last = stack.at(-1);
      if (last === undefined) return createHash("sha256").digest("hex");
      return stack
        .slice(0, -1)
        .reduceRight((right, left) => join(left, right), last)
        .toString("hex");
    },
  };
}
