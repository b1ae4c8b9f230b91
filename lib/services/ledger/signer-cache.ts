import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { readVerifierKey, type VerifierKey } from "@/lib/core/ledger/verifier-key";
import type { Db } from "@/lib/data/db";
import { findActiveKey, type StoredKey } from "@/lib/data/ledger-keys";
import { sha256 } from "@/lib/platform/ed25519";
import { openKey } from "@/lib/platform/ledger-key";

/** A key that can sign, with the public half as auditors pin it. */
export type Signer = { readonly key: VerifierKey; sign(message: Uint8Array): Uint8Array };

// Read whenever a policy is: a new key bumps the workspace's epoch, which makes every policy stale.
const signers = new Map<string, Signer | null>();

/** Reads the workspace's key anew. A database that does not answer changes nothing: no decision fails for a signature. */
export async function loadSigner(db: Db, workspaceId: WorkspaceId): Promise<void> {
  const stored = await findActiveKey(db, workspaceId).catch(() => undefined);
  if (stored !== undefined) signers.set(workspaceId, stored && signerOf(stored));
}

/** The workspace's signer as last read; null when there is no usable key. */
export function cachedSigner(workspaceId: string): Signer | null {
  return signers.get(workspaceId) ?? null;
}

/** Opens a stored key; null when the secret that sealed it is missing or another. */
export function signerOf({ verifierKey, sealed }: Pick<StoredKey, "verifierKey" | "sealed">): Signer | null {
  const key = readVerifierKey(sha256, verifierKey);
  const opened = key && openKey(sealed, verifierKey);
  if (!key || !opened || !Buffer.from(opened.publicKey).equals(Buffer.from(key.publicKey))) return null;
  return { key, sign: opened.sign };
}
