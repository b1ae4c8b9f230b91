import "server-only";

import { v7 as uuidv7 } from "uuid";

import { readVerifierKey, verifierKeyOf } from "@/lib/core/ledger/verifier-key";
import { rotationMessage } from "@/lib/core/ledger/rotation";
import { base64Of } from "@/lib/core/shared/base64";
import { AppError } from "@/lib/core/shared/errors";
import type { Tx } from "@/lib/data/db";
import { awaitLedger } from "@/lib/data/ledger-leaves";
import { insertKey, retireKey, type StoredKey } from "@/lib/data/ledger-keys";
import { env } from "@/lib/platform/env";
import { sha256 } from "@/lib/platform/ed25519";
import { makeSigningKey, sealKey } from "@/lib/platform/ledger-key";

import type { ServiceContext } from "../context";
import { signerOf } from "./signer-cache";

/** What the ledger entry of it has to say: verifier keys, and the old key's signature in Base 64. */
export type BegunKey = { readonly key: string; readonly previous: string | null; readonly signature: string | null };

/**
 * Takes a new key into force in the caller's transaction, as the heir of `previous` if there is one.
 *
 * The old key signs for its heir, so that who pinned the old one can follow. An old key that cannot be used any more
 * signs nothing, and the entry says so: then the new one must be pinned anew. Waits for the sequencer, so that no
 * checkpoint by the old key ever holds this entry.
 *
 * @returns what the caller records as `ledger.rotate`
 * @throws {AppError} `unavailable` when there is no secret to seal the key with
 */
export async function beginKey(tx: Tx, ctx: ServiceContext, previous: StoredKey | null): Promise<BegunKey> {
  await awaitLedger(tx, ctx.workspaceId);
  const old = previous && readVerifierKey(sha256, previous.verifierKey);
  // The origin stays what it was first: auditors know the log by it.
  const origin = old?.name ?? `${new URL(env.PUBLIC_URL).host}/ledger/${ctx.workspaceId}`;
  const made = makeSigningKey();
  const key = verifierKeyOf(sha256, origin, made.publicKey);
  const sealed = sealKey(made.secret, key.text);
  if (sealed === null) {
    throw new AppError("unavailable", "There is no secret to keep the ledger's key with.", {
      reason: "key_secret_missing",
    });
  }
  const signature = previous && old ? (signerOf(previous)?.sign(rotationMessage(old, key)) ?? null) : null;
  if (previous) await retireKey(tx, ctx.workspaceId, previous.id, ctx.now);
  await insertKey(tx, ctx.workspaceId, { id: uuidv7(), verifierKey: key.text, sealed });
  return { key: key.text, previous: previous?.verifierKey ?? null, signature: signature && base64Of(signature) };
}
