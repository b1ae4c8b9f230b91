import type { readEntryLine } from "@/lib/core/ledger/bundle-line";
import type { Findings } from "@/lib/core/ledger/finding";
import { checkpointText } from "@/lib/core/ledger/checkpoint";
import { readNote } from "@/lib/core/ledger/note";
import { type ClaimedCheckpoint, readClaim } from "@/lib/core/ledger/trust";

import type { Log } from "./log";
import { createTree, leafOf, type Tree } from "./tree";

/** An entry's line, taken apart. */
export type Entry = NonNullable<ReturnType<typeof readEntryLine>>;

/** What is to be known of the tree besides its root: roots at these sizes, and where each leaf stands. */
export type Asked = { readonly sizes: readonly number[]; readonly places: boolean; now(): number };

/** The tree as it is built from entries, and what checkpoints claim of it. */
export type TreeRead = {
  readonly tree: Tree;
  readonly claims: readonly ClaimedCheckpoint[];
  /** Rebuilt roots, at the sizes that were asked for and at those of the checkpoints. */
  readonly rootAt: ReadonlyMap<number, string>;
  /** Places of leaves by hash, if somebody asked for them. */
  readonly indexOf: ReadonlyMap<string, number>;
  hashMs(): number;
  checkpoint(note: string, line: number): void;
  entries(page: readonly Entry[]): void;
};

/** Builds the tree anew and reads each entry into the log. */
export function createTreeRead(findings: Findings, log: Log, asked: Asked): TreeRead {
  const tree = createTree();
  const claims: ClaimedCheckpoint[] = [];
  const rootAt = new Map<number, string>();
  const indexOf = new Map<string, number>();
  const wanted = new Set<number>(asked.sizes);
  let hashMs = 0;

  return {
    tree,
    claims,
    rootAt,
    indexOf,
    hashMs: () => hashMs,
    checkpoint(note, line) {
      const claim = readClaim(note);
      if (claim === null) return findings.add("tampered", "malformed", null, `Line ${line} holds no checkpoint.`);
      // A log writes the time and nothing after it, and one signature: what else stood there nobody would have signed.
      const { text = "", signatures = [] } = readNote(note) ?? {};
      if (signatures.length !== 1 || text !== checkpointText(claim.says))
        findings.add("tampered", "odd_checkpoint", null, `The checkpoint in line ${line} is not as a log writes it.`);
      const last = claims.at(-1);
      if (last && (claim.says.size <= last.says.size || claim.says.at < last.says.at)) {
        const message = `The checkpoint in line ${line} is not after the one before.`;
        findings.add("tampered", "checkpoint_order", Number(claim.says.size) - 1, message);
      }
      claims.push(claim);
      wanted.add(Number(claim.says.size));
    },
    entries(page) {
      const start = asked.now();
      const leaves = page.map(({ raw }) => leafOf(raw));
      for (const leaf of leaves) {
        tree.append(leaf);
        if (wanted.has(tree.size())) rootAt.set(tree.size(), tree.root());
      }
      hashMs += asked.now() - start;
      const first = tree.size() - page.length;
      for (const [at, { raw, index, leafHash }] of page.entries()) {
        const place = first + at;
        const leaf = leaves[at]?.toString("hex") ?? "";
        if (index !== place)
          findings.add("tampered", "wrong_index", place, `The entry at place ${place} says that it is ${index}.`);
        if (leaf !== leafHash)
          findings.add("tampered", "changed_entry", place, "The entry does not have the hash beside it.");
        if (asked.places) indexOf.set(leaf, place);
        log.read(raw, place);
      }
    },
  };
}
