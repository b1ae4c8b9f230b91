import "server-only";

import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import type { Redactor } from "@/lib/core/redaction/redact";
import type { OtlpEncoding } from "@/lib/core/traces/decode";
import { readMetrics } from "@/lib/core/traces/read-metrics";
import type { UsagePoint } from "@/lib/core/traces/usage-point";
import { insertUsagePoints } from "@/lib/data/usage-points";
import { ingestHash } from "@/lib/platform/ingest-key";

import type { ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";
import { policyOf } from "./policy";
import { senderOf } from "./sender-of";
import type { Taken } from "./take-batch";

/** Fields that readers make themselves: no sender's text gets into them. */
const OURS = new Set(["pointId", "seriesId", "startNs", "timeNs", "value", "count"]);
const LONGEST_METRIC = 300;

/** Takes what an agent's metrics say of its usage; when it answers, that is durable. @throws {AppError} `forbidden` */
export async function takeUsage(ctx: ServiceContext, encoding: OtlpEncoding, body: Uint8Array): Promise<Taken> {
  const { agentId, credentialId, handle } = await senderOf(ctx);
  const read = readMetrics(encoding, body, sha256Hex);
  if (!read.ok) return read;
  const policy = await policyOf(ctx.workspaceId);
  const redactor = policy.redactor(handle, ingestHash(ctx.workspaceId));
  const points = read.items.map((point) => redacted(redactor, point));
  if (points.length > 0) await insertUsagePoints(ctx.workspaceId, { agentId, credentialId }, points, ctx.now);
  return { ok: true, accepted: points.length, rejected: read.rejected, duplicate: false };
}

function redacted(redactor: Redactor, point: UsagePoint): UsagePoint {
  const texts = Object.fromEntries(Object.entries(point).filter(([field]) => !OURS.has(field))) as JsonObject;
  const { value } = redactor.redact(texts, "usage");
  const safe: Json = isJsonObject(value) ? value : {};
  const metric = String(safe["metric"] ?? "").slice(0, LONGEST_METRIC);
  return { ...point, ...(safe as Partial<UsagePoint>), metric };
}
