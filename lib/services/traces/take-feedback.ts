import "server-only";

import { v7 as uuidv7 } from "uuid";

import { asJsonObject } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { isJsonObject, type JsonObject } from "@/lib/core/shared/json";
import type { FeedbackInput } from "@/lib/core/traces/feedback";
import { insertEventFact } from "@/lib/data/event-facts";
import { ingestHash } from "@/lib/platform/ingest-key";

import type { ServiceContext } from "../context";
import { policyOf } from "./policy";
import { senderOf } from "./sender-of";

/** Texts that people wrote: kept only where the workspace keeps content. */
const CONTENT = ["comment", "correction"] as const;

/**
 * Takes what an end user says of a run or a trace. It may come before what it is about. The same again adds nothing.
 *
 * @throws {AppError} `forbidden` without the scope `ingest`
 */
export async function takeFeedback(
  ctx: ServiceContext,
  input: FeedbackInput,
): Promise<{ readonly feedback_id: string }> {
  const { agentId, credentialId, handle } = await senderOf(ctx);
  const hash = ingestHash(ctx.workspaceId);
  const policy = await policyOf(ctx.workspaceId);
  const redactor = policy.redactor(handle, hash);
  const { trace_id, event_id, run_id, ...said } = input;
  const kept: JsonObject = Object.fromEntries(
    Object.entries(asJsonObject(said)).filter(
      ([name]) => redactor.keepsContent || !CONTENT.some((content) => content === name),
    ),
  );
  const { value } = redactor.redact(kept, "feedback");
  const { value: run } = redactor.redact(run_id ?? null, "runId");
  const feedback_id = await insertEventFact(ctx.db, ctx.workspaceId, {
    id: uuidv7(),
    agentId,
    credentialId,
    kind: "feedback",
    traceId: trace_id ?? null,
    eventId: event_id ?? null,
    run: run === null ? null : String(run),
    body: isJsonObject(value) ? value : {},
    digest: hash(`feedback ${agentId} ${canonicalJson(said.id === undefined ? asJsonObject(input) : { id: said.id })}`),
  });
  return { feedback_id };
}
