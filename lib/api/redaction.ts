import { RedactionTrial, SetRedactionInput, ShownRedaction, TryRedactionInput } from "@/lib/core/redaction/settings";
import { setRedaction } from "@/lib/services/redaction/set-redaction";
import { showRedaction } from "@/lib/services/redaction/show-redaction";
import { tryRedaction } from "@/lib/services/redaction/try-redaction";

import { ok, operation } from "./declare";

export const redactionOperations = [
  operation({
    method: "get",
    path: "/api/v1/redaction",
    summary: "Show how the workspace redacts what its agents send",
    tag: "traces",
    as: "member",
    answers: { 200: { description: "The settings and their version.", schema: ShownRedaction } },
    run: async (ctx) => ok(await showRedaction(ctx)),
  }),
  operation({
    method: "put",
    path: "/api/v1/redaction",
    summary: "Change how the workspace redacts what arrives from now on",
    tag: "traces",
    as: "member",
    body: SetRedactionInput,
    answers: { 200: { description: "The settings as they are now, with their new version.", schema: ShownRedaction } },
    run: async (ctx, { body }) => ok(await setRedaction(ctx, body)),
  }),
  operation({
    method: "post",
    path: "/api/v1/redaction/trials",
    summary: "Try redaction settings on a text; nothing of it is stored",
    tag: "traces",
    as: "member",
    body: TryRedactionInput,
    answers: { 200: { description: "What would be stored, and what was found.", schema: RedactionTrial } },
    run: async (ctx, { body }) => ok(await tryRedaction(ctx, body)),
  }),
];
