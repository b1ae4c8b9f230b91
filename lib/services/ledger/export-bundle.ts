import "server-only";

import { BUNDLE_FORMAT, bundleLine, entryLine } from "@/lib/core/ledger/bundle-line";
import { DEFINITION_KINDS, type DefinitionKind, namedDefinitions } from "@/lib/core/ledger/named-definitions";
import { readVerifierKey } from "@/lib/core/ledger/verifier-key";
import { transact } from "@/lib/data/db";
import type { JsonObject } from "@/lib/core/shared/json";
import {
  type ArchivedPayload,
  listArchivedEntries,
  listArchivedGuardrails,
  listArchivedManifests,
  listArchivedPayloads,
  listArchivedTools,
  listRotatedKeys,
} from "@/lib/data/ledger-archive";
import { findCheckpoint, listCheckpointItems } from "@/lib/data/ledger-checkpoints";
import { findLedgerHead } from "@/lib/data/ledger-reads";
import { sha256 } from "@/lib/platform/ed25519";

import { requireMember, type ServiceContext } from "../context";
import { requireNow } from "../require-now";
import { waitForTurn } from "../take-turn";
import { record } from "./record";

const PAGE = 500;
const FEW = 16; // a manifest or tool may be a quarter of a megabyte

type Extent = { readonly size: bigint; readonly root: string | null };

/**
 * Everything an auditor needs in one file: keys, checkpoints, entries, and what each verdict was made from.
 *
 * It ends at the latest signed head, so that a signature covers every entry; without one it ends at the head and is
 * found incomplete. Nothing stands in it that an entry or a signature does not vouch for. That somebody took it is an
 * entry too, which the next bundle holds. Read page by page: what is written before that head never changes again.
 */
export async function exportBundle(ctx: ServiceContext): Promise<AsyncIterable<string>> {
  requireMember(ctx);
  const [head, signed] = await Promise.all([
    findLedgerHead(ctx.db, ctx.workspaceId),
    findCheckpoint(ctx.db, ctx.workspaceId, "latest"),
  ]);
  const size = signed?.size ?? head?.size ?? 0n;
  const root = signed?.root_hash ?? head?.root_hash ?? null;
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    await record(tx, ctx, "ledger.export", { format: "bundle", of_kind: null, size: Number(size), root_hash: root });
  });
  return lines(ctx, { size, root });
}

async function* lines(ctx: ServiceContext, { size, root }: Extent): AsyncIterable<string> {
  const keys = await listRotatedKeys(ctx.db, ctx.workspaceId, size);
  const log = readVerifierKey(sha256, keys[0] ?? "")?.name ?? null;
  const { workspaceId: workspace } = ctx;
  yield bundleLine("header", { ...BUNDLE_FORMAT, log, workspace, size: Number(size), root_hash: root });
  let count = 1;
  for await (const page of body(ctx, size, keys)) {
    const written = await waitForTurn(ctx, page);
    count += written.length;
    if (written.length > 0) yield written.join("");
  }
  yield bundleLine("end", { lines: count + 1 });
}

/** A page of lines, which are written when it is its turn. */
type PageOfLines = () => readonly string[];

async function* body(ctx: ServiceContext, size: bigint, keys: readonly string[]): AsyncIterable<PageOfLines> {
  yield () => keys.map((key) => bundleLine("key", { key }));
  for (let above = 0n; ; ) {
    const page = await listCheckpointItems(ctx.db, ctx.workspaceId, { above, take: PAGE });
    const within = page.filter((item) => item.size <= size);
    yield () => within.map((item) => bundleLine("checkpoint", { note: item.note }));
    above = page.at(-1)?.size ?? size;
    if (page.length < PAGE || above >= size) break;
  }
  const named: Named = { manifest: new Set(), guardrail: new Set(), tool: new Set() };
  for (let from = 0n; from < size; from += BigInt(PAGE)) {
    const page = await listArchivedEntries(ctx.db, ctx.workspaceId, { from, until: size, take: PAGE });
    for (const { kind, hash } of page.flatMap(({ body: entry }) => namedDefinitions(entry))) named[kind].add(hash);
    yield () => page.map((entry) => entryLine(entry.index, entry.leaf_hash, entry.body));
  }
  yield* archive(ctx, size, named);
}

/** Hashes that the entries of the file name: what was defined since is not in it. */
type Named = { readonly [kind in DefinitionKind]: Set<string> };

async function* archive({ db, workspaceId }: ServiceContext, size: bigint, named: Named): AsyncIterable<PageOfLines> {
  const lists = {
    manifest: (after: string) => listArchivedManifests(db, workspaceId, { after, take: FEW }),
    guardrail: (after: string) => listArchivedGuardrails(db, workspaceId, { after, take: FEW }),
    tool: (after: string) => listArchivedTools(db, workspaceId, { after, take: FEW }),
  };
  for (const kind of DEFINITION_KINDS) {
    for (let after: string | null = ""; after !== null; ) {
      const page: readonly (JsonObject & { readonly hash: string })[] = await lists[kind](after);
      yield () => page.filter(({ hash }) => named[kind].has(hash)).map((definition) => bundleLine(kind, definition));
      after = page.length < FEW ? null : (page.at(-1)?.hash ?? null);
    }
  }
  for (let from = 0n; from < size; ) {
    const until = from + BigInt(PAGE) < size ? from + BigInt(PAGE) : size;
    const { payloads, next } = await listArchivedPayloads(db, workspaceId, { from, until });
    yield () => payloads.map((payload) => bundleLine("payload", payloadMembers(payload)));
    from = next;
  }
}

/** A payload with what its entry commits to, and no copy of what the entry says itself. */
function payloadMembers({ index, decision, state, call, salt, facts, attested }: ArchivedPayload): JsonObject {
  const named = { index: Number(index), decision, state };
  if (state !== "kept") return named;
  const { reach = null, readings = null } = facts ?? {};
  return { ...named, call, salt, ...(attested ? { beside: { reach, readings } } : { facts }) };
}
