import { z } from "zod";

import { showOrganisation } from "@/lib/services/reviewers/show-organisation";
import { showScorecard } from "@/lib/services/reviewers/show-scorecard";

import { ok, operation } from "./declare";

export const reviewerOperations = [
  operation({
    method: "get",
    path: "/api/v1/reviewers",
    summary: "How the organisation reviews: sums over at least five people",
    tag: "reviewers",
    as: "member",
    query: z.strictObject({ from: z.iso.date().pipe(z.coerce.date()).optional() }),
    answers: { 200: { description: "The figures; null where fewer than five people are behind one." } },
    run: async (ctx, { query }) => ok(await showOrganisation(ctx, query.from)),
  }),
  operation({
    method: "get",
    path: "/api/v1/reviewers/{id}",
    summary: "A scorecard: one's own as `me`, for administrators anybody's",
    tag: "reviewers",
    as: "member",
    params: z.strictObject({ id: z.union([z.literal("me"), z.uuid()]) }),
    answers: { 200: { description: "The scorecard." } },
    run: async (ctx, { params }) => ok(await showScorecard(ctx, params.id)),
  }),
];
