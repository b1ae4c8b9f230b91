import { z } from "zod";

import { exportLedger } from "@/lib/services/ledger/export-ledger";
import { listEntries } from "@/lib/services/ledger/list-entries";

import { ok, operation } from "./declare";
import { Page, PageQuery } from "./page";

const TYPES = { jsonl: "application/x-ndjson", csv: "text/csv" } as const;

export const ledgerOperations = [
  operation({
    method: "get",
    path: "/api/v1/ledger",
    summary: "List ledger entries, latest first",
    tag: "ledger",
    as: "member",
    query: PageQuery.extend({ kind: z.string().max(100).optional() }),
    answers: { 200: { description: "A page.", schema: Page } },
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
      const lines = await exportLedger(ctx, { format: query.format });
      const stream = streamOf(lines);
      const headers = {
        "content-type": `${TYPES[query.format]}; charset=utf-8`,
        "content-disposition": `attachment; filename="interlock-ledger.${query.format}"`,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      };
      return ok(new Response(stream, { headers }));
    },
  }),
];

function streamOf(lines: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = lines[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
