import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { Sha256Hex } from "@/lib/core/shared/digest";

import { FIELD } from "./alias-index";
import { decodePoints, type OtlpEncoding } from "./decode";
import { attempt } from "./encoding";
import { agentIdOf, dimensionsOf, modelOf, providerOf } from "./identity";
import { type Shared, sharedOf } from "./normalise";
import type { Origin, OtlpPoint, Sifted } from "./otlp";
import { PassedOver } from "./passed-over";
import { type Reading, readingOfOrigin, readingOn } from "./reading";
import { ItemRefusal, RejectionCount } from "./rejections";
import type { TokenType, UsageMeasure, UsagePoint } from "./usage-point";

/** Metrics that tell of agents, by their beginnings; all others are passed over. */
const OURS = ["gen_ai.", "claude_code.", "interlock."];

const TOKEN_TYPES: Readonly<Record<string, TokenType>> = {
  input: "input",
  prompt: "input",
  output: "output",
  completion: "output",
  cacheRead: "cache_read",
  cache_read: "cache_read",
  cacheCreation: "cache_write",
  cache_creation: "cache_write",
  cache_write: "cache_write",
  reasoning: "reasoning",
};

type Known = Shared & { readonly text: string };

/** The usage among an OTLP metric export. */
export function readMetrics(encoding: OtlpEncoding, body: Uint8Array, sha256Hex: Sha256Hex): Sifted<UsagePoint> {
  const decoded = decodePoints(encoding, body);
  if (!decoded.ok) return decoded;
  const points: UsagePoint[] = [];
  const rejected = new RejectionCount();
  rejected.addAll(decoded.rejected);
  const passedOver = new PassedOver();
  const origins = new Map<Origin, Known>();
  for (const point of decoded.items) {
    if (!OURS.some((prefix) => point.metric.startsWith(prefix))) {
      passedOver.add(point.metric);
      continue;
    }
    const known = origins.get(point.origin) ?? knownOf(point.origin);
    origins.set(point.origin, known);
    const read = attempt(() => usageOf(point, known, sha256Hex));
    if (read.ok) points.push(read.value);
    else rejected.add(read.code, read.message);
  }
  return { ok: true, items: points, rejected, passedOver: passedOver.counts };
}

const knownOf = (origin: Origin): Known => ({
  ...sharedOf(origin, readingOfOrigin(origin)),
  text: canonicalJson(Object.fromEntries(origin.resource)),
});

function usageOf(point: OtlpPoint, known: Known, sha256Hex: Sha256Hex): UsagePoint {
  const reading = readingOn(known.base, point.attributes, point.origin);
  const measure = measureOf(point);
  if (point.value.startsWith("-") && measure !== "count") {
    throw new ItemRefusal("number_invalid", `${point.metric} is ${point.value}; usage is not negative.`);
  }
  const attributes = Object.fromEntries(point.attributes);
  const series = canonicalJson([point.metric, point.origin.scopeName, known.text, attributes]);
  const seriesId = sha256Hex(series).slice(0, 32);
  return {
    pointId: sha256Hex(`${seriesId} ${point.startNs} ${point.timeNs}`).slice(0, 32),
    seriesId,
    metric: point.metric,
    unit: point.unit,
    measure,
    tokenType: measure === "tokens" ? tokenTypeOf(point, reading) : null,
    inputIncludesCache: !point.metric.startsWith("claude_code."),
    temporality: point.temporality,
    monotonic: point.monotonic,
    startNs: point.startNs,
    timeNs: point.timeNs,
    value: point.value,
    count: point.count,
    dialect: known.dialect ?? (point.metric.startsWith("gen_ai.") ? "otel_genai" : "unknown"),
    producer: known.producer,
    agentId: agentIdOf(reading),
    agentName: reading.text(FIELD.agentName),
    agentVersion: reading.text(FIELD.agentVersion),
    sessionId: reading.text(FIELD.sessionId),
    provider: providerOf(reading.text(FIELD.provider)),
    model: modelOf(reading),
    dimensions: dimensionsOf(reading),
    unread: reading.unread,
    flags: point.flags,
  };
}

function measureOf({ metric, unit }: OtlpPoint): UsageMeasure {
  if (metric.endsWith("token.usage") || metric.endsWith("_tokens") || unit === "{token}") return "tokens";
  if (metric.includes("cost")) return "cost_usd";
  return unit === "s" ? "seconds" : "count";
}

/** From the attribute, or from the name of a metric that counts one type alone. */
function tokenTypeOf(point: OtlpPoint, reading: Reading): TokenType | null {
  const said = reading.text(FIELD.tokenType);
  if (said !== null) return Object.hasOwn(TOKEN_TYPES, said) ? (TOKEN_TYPES[said] ?? null) : null;
  if (point.metric.endsWith("input_tokens")) return "input";
  return point.metric.endsWith("output_tokens") ? "output" : null;
}
