import { z } from "zod";

import { CheckedManifest } from "@/lib/core/manifests/check";
import { requiredNote } from "@/lib/core/shared/note";
import { confirmManifest } from "@/lib/services/manifests/confirm-manifest";
import { checkManifest } from "@/lib/services/manifests/check-manifest";
import { rejectManifest } from "@/lib/services/manifests/reject-manifest";
import { publishManifest } from "@/lib/services/manifests/publish-manifest";
import { showManifest } from "@/lib/services/manifests/show-manifest";

import { AgentPath } from "./agents";
import { ok, operation } from "./declare";

/** YAML arrives as `{ manifest: text }`; JSON either the same way or as the document itself. */
export const ManifestBody = z
  .record(z.string(), z.unknown())
  .transform((body) => ("manifest" in body && Object.keys(body).length === 1 ? body["manifest"] : body))
  .pipe(z.union([z.string().max(256 * 1024), z.record(z.string(), z.unknown())]));

/** Why a version is rejected, for the ledger. */
export const RejectQuery = z.strictObject({ reason: requiredNote(1_000).optional() });

export const manifestOperations = [
  operation({
    method: "get",
    path: "/api/v1/agents/{id}/manifests/{version}",
    summary: "Show one version of an agent's manifest; `current` for the published one",
    tag: "manifests",
    as: "member",
    params: AgentPath.extend({ version: z.union([z.literal("current"), z.coerce.number().int().min(1)]) }),
    answers: { 200: { description: "The version." } },
    run: async (ctx, { params }) =>
      ok(
        await showManifest(ctx, { agent: params.id, ...(params.version !== "current" && { version: params.version }) }),
      ),
  }),
  operation({
    method: "post",
    path: "/api/v1/agents/{id}/manifests",
    summary: "Propose a new version; with `publish=true` it takes effect, unless it widens",
    tag: "manifests",
    as: "member",
    params: AgentPath,
    query: z.strictObject({ publish: z.enum(["true", "false"]).default("false") }),
    body: ManifestBody,
    yaml: true,
    answers: {
      201: { description: "The new version." },
      202: { description: "`needs_second_person`: a widening waits for another policy administrator." },
    },
    run: async (ctx, { params, query, body }) => {
      const answer = await publishManifest(ctx, {
        agent: params.id,
        manifest: body,
        publish: query.publish === "true",
      });
      return { status: answer.status === "needs_second_person" ? 202 : 201, body: answer };
    },
  }),
  operation({
    method: "post",
    path: "/api/v1/agents/{id}/manifests/lint",
    summary: "Check a manifest without storing it",
    tag: "manifests",
    as: "member",
    params: AgentPath,
    body: ManifestBody,
    yaml: true,
    answers: { 200: { description: "Every finding, with its line.", schema: CheckedManifest } },
    run: async (ctx, { params, body }) => ok(await checkManifest(ctx, { agent: params.id, manifest: body })),
  }),
  operation({
    method: "post",
    path: "/api/v1/agents/{id}/manifests/{version}/publish",
    summary: "Publish a widening that another person proposed",
    tag: "manifests",
    as: "member",
    params: AgentPath.extend({ version: z.coerce.number().int().min(1) }),
    answers: { 200: { description: "Published." } },
    run: async (ctx, { params }) => ok(await confirmManifest(ctx, { agent: params.id, version: params.version })),
  }),
  operation({
    method: "post",
    path: "/api/v1/agents/{id}/manifests/{version}/reject",
    summary: "Take a proposed version off the table: your own, or another person's",
    tag: "manifests",
    as: "member",
    params: AgentPath.extend({ version: z.coerce.number().int().min(1) }),
    query: RejectQuery,
    answers: { 200: { description: "Rejected." } },
    run: async (ctx, { params, query }) =>
      ok(await rejectManifest(ctx, { agent: params.id, version: params.version, ...query })),
  }),
];
