import "server-only";

import { bundleLine, entryLine } from "@/lib/core/ledger/bundle-line";
import { readVerifierKey } from "@/lib/core/ledger/verifier-key";
import { transact } from "@/lib/data/db";
import {
  listArchivedEntries,
  listArchivedGuardrails,
  listArchivedManifests,
  listArchivedPayloads,
  listArchivedTools,
} from "@/lib/data/ledger-archive";
import { findCheckpoint, listCheckpointItems } from "@/lib/data/ledger-checkpoints";
import { listKeyRows, type StoredKey } from "@/lib/data/ledger-keys";
import { findLedgerHead } from "@/lib/data/ledger-reads";
import { sha256 } from "@/lib/platform/ed25519";

import { requireMember, type ServiceContext } from "../context";
import { requireNow } from "../require-now";
import { record } from "./record";

const PAGE = 1_000;
const FEW = 100; // manifests and tools are larger

type Extent = { readonly size: bigint; readonly root: string | null; readonly keys: readonly StoredKey[] };

/**
 * Everything an auditor needs in one file: keys, checkpoints, entries, and what each verdict was made from.
 *
 * It ends at the latest signed head, so that a signature covers every entry; without one it ends at the head and is
 * found incomplete. That somebody took it is an entry too, which the next bundle holds. Read page by page: what is
 * written before that head never changes again.
 */
export async function exportBundle(ctx: ServiceContext): Promise<AsyncIterable<string>> {
  requireMember(ctx);
  const [head, signed, keys] = await Promise.all([
    findLedgerHead(ctx.db, ctx.workspaceId),
    findCheckpoint(ctx.db, ctx.workspaceId, "latest"),
    listKeyRows(ctx.db, ctx.workspaceId),
  ]);
  const size = signed?.size ?? head?.size ?? 0n;
  const root = signed?.root_hash ?? head?.root_hash ?? null;
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    await record(tx, ctx, "ledger.export", { format: "bundle", of_kind: null, size: Number(size), root_hash: root });
  });
  return lines(ctx, { size, root, keys });
}

async function* lines(ctx: ServiceContext, { size, root, keys }: Extent): AsyncIterable<string> {
  const log = readVerifierKey(sha256, keys[0]?.verifierKey ?? "")?.name ?? null;
  const header = {
    format: "interlock-bundle",
    v: 1,
    log,
    workspace: ctx.workspaceId,
    size: Number(size),
    root_hash: root,
  };
  yield bundleLine("header", { ...header, exported_at: ctx.now.toISOString() });
  let count = 1;
  for await (const page of body(ctx, size, keys)) {
    count += page.length;
    if (page.length > 0) yield page.join("");
  }
  yield bundleLine("end", { lines: count + 1 });
}

async function* body(ctx: ServiceContext, size: bigint, keys: readonly StoredKey[]): AsyncIterable<string[]> {
  yield keys.map((key) => bundleLine("key", { key: key.verifierKey }));
  for (let above = 0n; ; ) {
    const page = await listCheckpointItems(ctx.db, ctx.workspaceId, { above, take: PAGE });
    const within = page.filter((item) => item.size <= size);
    yield within.map((item) => bundleLine("checkpoint", { note: item.note }));
    above = page.at(-1)?.size ?? size;
    if (page.length < PAGE || above >= size) break;
  }
  for (let from = 0n; from < size; from += BigInt(PAGE)) {
    const page = await listArchivedEntries(ctx.db, ctx.workspaceId, { from, until: size, take: PAGE });
    yield page.map((entry) => entryLine(entry.index, entry.leaf_hash, entry.body));
  }
  yield* archive(ctx, size);
}

async function* archive({ db, workspaceId }: ServiceContext, size: bigint): AsyncIterable<string[]> {
  for (let after: string | null = null; ; ) {
    const page = await listArchivedManifests(db, workspaceId, { after, take: FEW });
    yield page.map(({ id: _id, ...manifest }) => bundleLine("manifest", manifest));
    if (page.length < FEW) break;
    after = page.at(-1)?.id ?? null;
  }
  for (let after = 0; ; ) {
    const page = await listArchivedGuardrails(db, workspaceId, { after, take: FEW });
    yield page.map((guardrail) => bundleLine("guardrail", guardrail));
    if (page.length < FEW) break;
    after = page.at(-1)?.version ?? after;
  }
  for (let after: string | null = null; ; ) {
    const page = await listArchivedTools(db, workspaceId, { after, take: FEW });
    yield page.map((tool) => bundleLine("tool", tool));
    if (page.length < FEW) break;
    after = page.at(-1)?.hash ?? null;
  }
  for (let from = 0n; from < size; from += BigInt(PAGE)) {
    const until = from + BigInt(PAGE) < size ? from + BigInt(PAGE) : size;
    const page = await listArchivedPayloads(db, workspaceId, { from, until });
    yield page.map(({ index, decision, state, call, salt, facts, checks }) => {
      const content = state === "kept" ? { call, salt, facts, checks } : {};
      return bundleLine("payload", { index: Number(index), decision, state, ...content });
    });
  }
}
