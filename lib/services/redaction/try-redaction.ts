import "server-only";

import { compileRedactor } from "@/lib/core/redaction/redact";
import type { RedactionTrial, TryRedactionInput } from "@/lib/core/redaction/settings";
import { readStrictJson } from "@/lib/core/shared/strict-json";
import { ingestHash } from "@/lib/platform/ingest-key";

import { requireRole, type ServiceContext } from "../context";

/**
 * What would be stored of a text by these settings. Nothing of it is stored or logged. A text that is not JSON is tried
 * as a text. It is for administrators, because it answers with the hashes that stored values have.
 */
export async function tryRedaction(ctx: ServiceContext, input: TryRedactionInput): Promise<RedactionTrial> {
  requireRole(ctx, "admin");
  const { settings, place, agent, text } = input;
  if (place === "content" && !settings.keep_content) return { is_kept: false, stored: null, findings: [] };
  const redactor = compileRedactor(settings, agent === "" ? null : agent, ingestHash(ctx.workspaceId));
  const read = readStrictJson(text);
  const { value, redactions } = redactor.redact(read.ok ? read.value : text, place);
  return { is_kept: true, stored: value, findings: redactions.map((found) => ({ ...found })) };
}
