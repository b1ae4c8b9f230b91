import { z } from "zod";

import { WINDOW_LINES } from "@/lib/core/approvals/window";
import { readPart } from "@/lib/services/approvals/read-part";

import { ok, operation } from "./declare";

/** What a long effect is scrolled through with. */
export const approvalPartOperations = [
  operation({
    method: "get",
    path: "/api/v1/approvals/{id}/parts/{part}",
    summary: "Read lines of one part of an approval's effect, as reviewers see them",
    tag: "approvals",
    as: "session",
    params: z.strictObject({ id: z.uuid(), part: z.string().min(1).max(100) }),
    query: z.strictObject({
      from: z.coerce.number().int().min(0).max(1_000_000).default(0),
      count: z.coerce.number().int().min(1).max(WINDOW_LINES).default(WINDOW_LINES),
      find: z.string().max(200).default(""),
    }),
    answers: {
      200: {
        description: "The lines from `from` on, out of `total` that there are or in which `find` stands.",
        schema: z.object({ from: z.int(), total: z.int(), flagged: z.boolean(), body: z.object({ kind: z.string() }) }),
      },
    },
    run: async (ctx, { params, query }) => ok(await readPart(ctx, { ...params, ...query })),
  }),
];
