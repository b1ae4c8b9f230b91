import { z } from "zod";

import { ConsistencyQuery, LeavesQuery, RotateKeyInput } from "@/lib/core/ledger/schema";
import { anchorLedger } from "@/lib/services/ledger/anchor-ledger";
import { exportBundle } from "@/lib/services/ledger/export-bundle";
import { exportLedger } from "@/lib/services/ledger/export-ledger";
import { listAnchors } from "@/lib/services/ledger/list-anchors";
import { listCheckpoints } from "@/lib/services/ledger/list-checkpoints";
import { listEntries } from "@/lib/services/ledger/list-entries";
import { listKeys } from "@/lib/services/ledger/list-keys";
import { listLeaves } from "@/lib/services/ledger/list-leaves";
import { rotateKey } from "@/lib/services/ledger/rotate-key";
import { showConsistency } from "@/lib/services/ledger/show-consistency";
import { showProof } from "@/lib/services/ledger/show-proof";

import { created, ok, operation } from "./declare";
import { download } from "./download";
import { Page, PageQuery } from "./page";

const TYPES = { jsonl: "application/x-ndjson", csv: "text/csv" } as const;

const Head = z.object({ size: z.string(), root_hash: z.string(), updated_at: z.string() });

export const ledgerOperations = [
  operation({
    method: "get",
    path: "/api/v1/ledger",
    summary: "List ledger entries, latest first",
    tag: "ledger",
    as: "member",
    query: PageQuery.extend({ kind: z.string().max(100).optional() }),
    answers: {
      200: {
        description: "A page, with the tree's head and the kinds of entries that occur.",
        schema: Page.extend({ head: Head.nullable(), kinds: z.array(z.string()) }),
      },
    },
    run: async (ctx, { query }) => ok(await listEntries(ctx, query)),
  }),
  operation({
    method: "get",
    path: "/api/v1/ledger/export",
    summary: "Download the whole ledger, oldest first",
    tag: "ledger",
    as: "session",
    query: z.strictObject({ format: z.enum(["jsonl", "csv"]).default("jsonl") }),
    answers: { 200: { description: "One canonical JSON entry a line, or CSV." } },
    run: async (ctx, { query }) => {
      const file = { type: TYPES[query.format], filename: `interlock-ledger.${query.format}` };
      return ok(await download(ctx, () => exportLedger(ctx, { format: query.format }), file));
    },
  }),
  operation({
    method: "get",
    path: "/api/v1/ledger/bundle",
    summary:
      "Download what verifies the ledger offline: keys, checkpoints, entries and what each verdict was made from",
    tag: "ledger",
    as: "session",
    answers: { 200: { description: "One canonical JSON object a line; check it with `interlock ledger verify`." } },
    run: async (ctx) =>
      ok(await download(ctx, () => exportBundle(ctx), { type: TYPES.jsonl, filename: "interlock-bundle.jsonl" })),
  }),
  operation({
    method: "get",
    path: "/api/v1/ledger/leaves",
    summary: "List sequenced entries by index, oldest first: what the tree is rebuilt from",
    tag: "ledger",
    as: "session",
    query: LeavesQuery,
    answers: { 200: { description: "A page; `next` is the `from` of the following one.", schema: Page } },
    run: async (ctx, { query }) => ok(await listLeaves(ctx, query)),
  }),
  operation({
    method: "get",
    path: "/api/v1/ledger/checkpoints",
    summary: "List signed checkpoints, latest first",
    tag: "ledger",
    as: "session",
    query: PageQuery,
    answers: { 200: { description: "A page; `note` is a C2SP checkpoint.", schema: Page } },
    run: async (ctx, { query }) => ok(await listCheckpoints(ctx, query)),
  }),
  operation({
    method: "get",
    path: "/api/v1/ledger/entries/{id}/proof",
    summary: "Prove that an entry is in the log",
    tag: "ledger",
    as: "session",
    params: z.strictObject({ id: z.uuid() }),
    answers: { 200: { description: "The entry, its inclusion proof and the checkpoint it leads to." } },
    run: async (ctx, { params }) => ok(await showProof(ctx, params.id)),
  }),
  operation({
    method: "get",
    path: "/api/v1/ledger/consistency",
    summary: "Prove that the log only grew between two sizes",
    tag: "ledger",
    as: "member",
    query: ConsistencyQuery,
    answers: { 200: { description: "The consistency proof, RFC 6962." } },
    run: async (ctx, { query }) => ok(await showConsistency(ctx, query)),
  }),
  operation({
    method: "get",
    path: "/api/v1/ledger/keys",
    summary: "List the keys that sign the log, and whether signing works",
    tag: "ledger",
    as: "session",
    answers: { 200: { description: "Verifier keys, oldest first. Pin one out of band." } },
    run: async (ctx) => ok(await listKeys(ctx)),
  }),
  operation({
    method: "post",
    path: "/api/v1/ledger/keys",
    summary: "Put a new signing key in force, signed for by the old one",
    tag: "ledger",
    as: "member",
    body: RotateKeyInput,
    answers: { 201: { description: "The new verifier key." } },
    run: async (ctx, { body }) => created(await rotateKey(ctx, body)),
  }),
  operation({
    method: "get",
    path: "/api/v1/ledger/anchors",
    summary: "List the places outside the database that are told checkpoints, and how far each was told",
    tag: "ledger",
    as: "member",
    answers: { 200: { description: "One item a place." } },
    run: async (ctx) => ok(await listAnchors(ctx)),
  }),
  operation({
    method: "post",
    path: "/api/v1/ledger/anchors",
    summary: "Tell every configured place the latest checkpoint now",
    tag: "ledger",
    as: "member",
    answers: { 200: { description: "What became of it, by place." } },
    run: async (ctx) => ok(await anchorLedger(ctx, { demand: true })),
  }),
];
