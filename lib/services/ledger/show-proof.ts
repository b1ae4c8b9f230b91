import "server-only";

import type { Hash } from "@/lib/core/ledger/merkle";
import { proofText } from "@/lib/core/ledger/proof-text";
import { inclusionRanges } from "@/lib/core/ledger/ranges";
import { AppError } from "@/lib/core/shared/errors";
import type { JsonObject } from "@/lib/core/shared/json";
import { findCheckpoint } from "@/lib/data/ledger-checkpoints";

import type { ServiceContext } from "../context";
import { readRanges } from "./read-ranges";
import { showEntry } from "./show-entry";

/** All that shows an entry to be in the log. `text` is the same as a C2SP tlog-proof, to be kept as a file. */
export type EntryProof = {
  readonly entry: JsonObject;
  readonly index: bigint;
  readonly leaf_hash: Hash;
  readonly size: bigint;
  readonly root_hash: Hash;
  readonly proof: readonly Hash[];
  readonly checkpoint: string;
  readonly text: string;
};

/**
 * The inclusion proof of one entry in the latest signed head.
 *
 * @throws {AppError} `not_found`; `conflict` (`not_signed_yet`) until a checkpoint holds it
 */
export async function showProof(ctx: ServiceContext, id: string): Promise<EntryProof> {
  const item = await showEntry(ctx, id);
  const head = await findCheckpoint(ctx.db, ctx.workspaceId, "latest");
  if (item.index === null || item.leaf_hash === null || head === null || head.size <= item.index) {
    throw new AppError("conflict", "No signed checkpoint holds this entry yet. It takes a second or two.", {
      reason: "not_signed_yet",
    });
  }
  const proof = await readRanges(ctx, inclusionRanges(item.index, head.size));
  return {
    entry: item.body,
    index: item.index,
    leaf_hash: item.leaf_hash,
    size: head.size,
    root_hash: head.root_hash,
    proof,
    checkpoint: head.note,
    text: proofText(item.index, proof, head.note),
  };
}
