import { type Audit, type AuditReport, createAudit } from "@/lib/core/ledger/audit";
import {
  AuditProof,
  CheckpointsAnswer,
  KeysAnswer,
  type LeafItem,
  LeavesAnswer,
} from "@/lib/core/ledger/audit-answers";
import { MAX_LEAVES } from "@/lib/core/ledger/schema";
import type { VerifierKey } from "@/lib/core/ledger/verifier-key";
import { paths } from "@/lib/core/shared/paths";
import { sha256 } from "@/lib/core/shared/sha256";

import { withSignatures } from "./with-signatures";

/** How far it is; `of` is what the last checkpoint claims. */
export type VerifyProgress = { readonly done: number; readonly of: number };

type VerifyRequest = {
  readonly pinned: VerifierKey | null;
  /** The index of the entry whose inclusion proof is followed; null for none. */
  readonly chosen: number | null;
  readonly signal: AbortSignal;
  onProgress(progress: VerifyProgress): void;
};

/** The server did not answer, or not in a way that can be read: then nothing was verified, and nothing is said. */
export class NotLoadedError extends Error {
  override readonly name = "NotLoadedError";
}

/** Entries hashed before the page gets its turn. */
const SLICE = 100;

/**
 * Loads the log as anybody may and holds it against its own checkpoints, here.
 *
 * @throws {NotLoadedError} when the server refuses or cannot be read
 */
export async function verifyLog({ pinned, chosen, signal, onProgress }: VerifyRequest): Promise<AuditReport> {
  const ask: Ask = (address, answer) => load(address, answer, signal);
  // First the proof, then the keys, then the checkpoints: each leads only to what the next has.
  const proof = chosen === null ? null : await loadProof(ask, chosen);
  const keys = (await ask(paths.ledgerKeys(), KeysAnswer)).items.map((item) => item.verifier_key);
  const audit = createAudit(sha256, { notes: await loadNotes(ask), keys }, chosen);
  await loadEntries(ask, audit, onProgress);
  return withSignatures((verify) => audit.judge(verify, { pinned, proof }));
}

type Reader<T> = { safeParse(value: unknown): { success: true; data: T } | { success: false } };
type Ask = <T>(address: string, answer: Reader<T>) => Promise<T>;

async function load<T>(address: string, answer: Reader<T>, signal: AbortSignal): Promise<T> {
  const response = await fetch(address, { signal, cache: "no-store" }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new NotLoadedError("The server does not answer. Nothing was verified.", { cause });
  });
  const body: unknown = await response.json().catch(() => null);
  const read = answer.safeParse(body);
  signal.throwIfAborted();
  if (!response.ok) throw new NotLoadedError(`${sentenceOf(body)} Nothing was verified.`);
  if (!read.success) throw new NotLoadedError("The server's answer cannot be read. Nothing was verified.");
  return read.data;
}

function sentenceOf(body: unknown): string {
  const detail = typeof body === "object" && body !== null && "detail" in body ? body.detail : null;
  return typeof detail === "string" ? detail : "The server refused.";
}

async function loadProof(ask: Ask, chosen: number): Promise<AuditProof> {
  const { items } = await ask(paths.ledgerLeaves(chosen, 1), LeavesAnswer);
  const entry = items[0];
  if (!entry) throw new NotLoadedError(`The log has no entry ${chosen}. Nothing was verified.`);
  return ask(paths.ledgerProof(entry.id), AuditProof);
}

async function loadNotes(ask: Ask): Promise<readonly string[]> {
  const notes: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page: { items: { note: string }[]; next: string | null } = await ask(
      paths.ledgerCheckpoints(cursor),
      CheckpointsAnswer,
    );
    notes.push(...page.items.map((item) => item.note));
    if (page.next === null || page.items.length === 0) return notes;
    cursor = page.next;
  }
}

/** Up to the size of the last checkpoint; the next page is under way while one is hashed. */
async function loadEntries(ask: Ask, audit: Audit, onProgress: (progress: VerifyProgress) => void): Promise<void> {
  const of = audit.claimed;
  const pageFrom = (from: number): Promise<readonly LeafItem[]> =>
    from >= of
      ? Promise.resolve([])
      : ask(paths.ledgerLeaves(from, Math.min(MAX_LEAVES, of - from)), LeavesAnswer).then(({ items }) => items);
  onProgress({ done: 0, of });
  for (let page = await pageFrom(0); page.length > 0; ) {
    const next = pageFrom(audit.size + page.length);
    next.catch(() => undefined); // Awaited below; until then it is nobody's.
    for (let at = 0; at < page.length; at += SLICE) {
      for (const item of page.slice(at, at + SLICE)) if (audit.size < of) audit.add(item);
      onProgress({ done: audit.size, of });
      await turn();
    }
    page = audit.size < of ? await next : [];
  }
}

/** Lets the page draw and answer before going on. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
