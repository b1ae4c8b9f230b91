import "server-only";

import type { OtlpEncoding } from "@/lib/core/traces/decode";
import type { AgentEvent } from "@/lib/core/traces/event";
import type { Decoded } from "@/lib/core/traces/otlp";
import { readEvents } from "@/lib/core/traces/read-events";
import { readLogs } from "@/lib/core/traces/read-logs";
import { readTraces } from "@/lib/core/traces/read-traces";

import type { ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";
import { type Taken, takeBatch } from "./take-batch";
import { takeUsage } from "./take-usage";

/** The ways by which telemetry comes in, over HTTP or gRPC. */
export type Inlet = "traces" | "logs" | "metrics" | "events";

type Read = (encoding: OtlpEncoding, body: Uint8Array) => Decoded<AgentEvent>;

const READERS: Readonly<Record<Exclude<Inlet, "metrics">, Read>> = {
  traces: readTraces,
  logs: (encoding, body) => readLogs(encoding, body, sha256Hex),
  events: (_encoding, body) => readEvents(body, sha256Hex),
};

/**
 * Takes a body of telemetry, however it came here. @throws {AppError} as `takeBatch` does
 */
export function takeTelemetry(
  ctx: ServiceContext,
  sent: { readonly inlet: Inlet; readonly encoding: OtlpEncoding; readonly body: Uint8Array },
): Promise<Taken> {
  const { inlet, encoding, body } = sent;
  if (inlet === "metrics") return takeUsage(ctx, encoding, body);
  return takeBatch(ctx, { inlet, body, read: (bytes) => READERS[inlet](encoding, bytes) });
}
