import { z } from "zod";

import { CheckedGuardrail } from "@/lib/core/guardrails/versions";
import { checkGuardrail } from "@/lib/services/guardrails/check-guardrail";
import { confirmGuardrail } from "@/lib/services/guardrails/confirm-guardrail";
import { listGuardrails } from "@/lib/services/guardrails/list-guardrails";
import { publishGuardrail } from "@/lib/services/guardrails/publish-guardrail";
import { rejectGuardrail } from "@/lib/services/guardrails/reject-guardrail";
import { showGuardrail } from "@/lib/services/guardrails/show-guardrail";

import { ok, operation } from "./declare";
import { ManifestBody, RejectQuery } from "./manifests";
import { Page } from "./page";

const Version = z.coerce.number().int().min(1);

export const guardrailOperations = [
  operation({
    method: "get",
    path: "/api/v1/guardrails",
    summary: "List the versions of the workspace's guardrail",
    tag: "guardrails",
    as: "member",
    answers: { 200: { description: "Every version, newest first.", schema: Page } },
    run: async (ctx) => ok(await listGuardrails(ctx)),
  }),
  operation({
    method: "get",
    path: "/api/v1/guardrails/{version}",
    summary: "Show one version of the guardrail in text and in words; `current` for the one in force",
    tag: "guardrails",
    as: "member",
    params: z.strictObject({ version: z.union([z.literal("current"), Version]) }),
    answers: { 200: { description: "The version." } },
    run: async (ctx, { params }) => {
      const { version, sentences } = await showGuardrail(ctx, params);
      return ok({ ...version, sentences });
    },
  }),
  operation({
    method: "post",
    path: "/api/v1/guardrails",
    summary: "Propose what no agent may do; with `publish=true` it takes effect, unless it takes away less than before",
    tag: "guardrails",
    as: "member",
    query: z.strictObject({ publish: z.enum(["true", "false"]).default("false") }),
    body: ManifestBody,
    yaml: true,
    answers: {
      201: { description: "The new version." },
      202: { description: "`needs_second_person`: a widening waits for another policy administrator." },
    },
    run: async (ctx, { query, body }) => {
      const answer = await publishGuardrail(ctx, { guardrail: body, publish: query.publish === "true" });
      return { status: answer.status === "needs_second_person" ? 202 : 201, body: answer };
    },
  }),
  operation({
    method: "post",
    path: "/api/v1/guardrails/check",
    summary: "Check a guardrail without storing it",
    tag: "guardrails",
    as: "member",
    body: ManifestBody,
    yaml: true,
    answers: { 200: { description: "Every finding, with its line.", schema: CheckedGuardrail } },
    run: async (ctx, { body }) => ok(await checkGuardrail(ctx, body)),
  }),
  operation({
    method: "post",
    path: "/api/v1/guardrails/{version}/publish",
    summary: "Publish a widening that another person proposed",
    tag: "guardrails",
    as: "member",
    params: z.strictObject({ version: Version }),
    answers: { 200: { description: "Published." } },
    run: async (ctx, { params }) => ok(await confirmGuardrail(ctx, params)),
  }),
  operation({
    method: "post",
    path: "/api/v1/guardrails/{version}/reject",
    summary: "Take a proposed version off the table",
    tag: "guardrails",
    as: "member",
    params: z.strictObject({ version: Version }),
    query: RejectQuery,
    answers: { 200: { description: "Rejected." } },
    run: async (ctx, { params, query }) => ok(await rejectGuardrail(ctx, { ...params, ...query })),
  }),
];
