import * as grpc from "@grpc/grpc-js";

import { requireAgent } from "@/lib/services/context";
import { log } from "@/lib/platform/log";
import { type Inlet, takeTelemetry } from "@/lib/services/traces/take-telemetry";

import type { Exchange } from "./exchange";
import { inTurn } from "./in-turn";
import { MAX_INGEST_BYTES } from "./ingest-body";
import { latency } from "./latency";
import { exportReply, type RejectedField, rpcCodeOf } from "./otlp-reply";
import { failureOf } from "./respond";
import { contextOf } from "./serve";

/** A receiver of OTLP over gRPC, or none. */
export type GrpcReceiver = { readonly port: number | null; close(): void };

type Way = { readonly service: string; readonly inlet: Inlet; readonly rejected: RejectedField };

const WAYS: readonly Way[] = [
  { service: "trace.v1.TraceService", inlet: "traces", rejected: "rejectedSpans" },
  { service: "logs.v1.LogsService", inlet: "logs", rejected: "rejectedLogRecords" },
  { service: "metrics.v1.MetricsService", inlet: "metrics", rejected: "rejectedDataPoints" },
];

const asIs = (bytes: Buffer): Buffer => bytes;

/**
 * Takes OTLP over gRPC, by the same services as over HTTP. Where the port is taken, which is what a collector on the same
 * machine does, the log says so and the rest of the server works.
 *
 * @param port 0 for nowhere
 */
export async function startGrpc({
  port,
  host,
}: {
  readonly port: number;
  readonly host: string;
}): Promise<GrpcReceiver> {
  if (port === 0) return { port: null, close: () => undefined };
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MAX_INGEST_BYTES,
    "grpc.max_send_message_length": MAX_INGEST_BYTES,
    "grpc.max_concurrent_streams": 32,
  });
  for (const way of WAYS) {
    const path = `/opentelemetry.proto.collector.${way.service}/Export`;
    const shape = {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    } as const;
    server.addService(
      { Export: shape },
      {
        Export: (call: grpc.ServerUnaryCall<Buffer, Buffer>, answer: grpc.sendUnaryData<Buffer>) => {
          void answerExport(way, path, call, answer);
        },
      },
    );
  }
  const bound = await bind(server, `${host.includes(":") ? `[${host}]` : host}:${port}`);
  if (bound === null) {
    log.warn({ host, port }, "OTLP over gRPC is not taken: the port is in use or not ours");
    return { port: null, close: () => server.forceShutdown() };
  }
  log.info({ host, port: bound }, "OTLP over gRPC listening");
  return { port: bound, close: () => server.forceShutdown() };
}

function bind(server: grpc.Server, address: string): Promise<number | null> {
  return new Promise((resolve) => {
    server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error, port) => resolve(error ? null : port));
  });
}

async function answerExport(
  { inlet, rejected }: Way,
  path: string,
  call: grpc.ServerUnaryCall<Buffer, Buffer>,
  answer: grpc.sendUnaryData<Buffer>,
): Promise<void> {
  const end = latency.startTimer();
  let status = 200;
  try {
    const ctx = await contextOf(exchangeOf(path, call), "agent", false);
    requireAgent(ctx, "ingest");
    const result = await inTurn(ctx.workspaceId, () =>
      takeTelemetry(ctx, { inlet, encoding: "protobuf", body: call.request }),
    );
    if (result.ok) answer(null, exportReply("protobuf", rejected, result.rejected));
    else {
      status = 400;
      answer({ code: rpcCodeOf(status), details: result.fault.message });
    }
  } catch (error) {
    const failure = failureOf(error, "-");
    status = failure.status;
    answer({ code: rpcCodeOf(status), details: failure.body.detail });
  }
  end({ method: "GRPC", route: path, status: String(status) });
}

/** What finding the caller needs of a call. */
function exchangeOf(path: string, { metadata }: grpc.ServerUnaryCall<Buffer, Buffer>): Exchange {
  return {
    target: path,
    header: (name) => {
      const values = metadata.get(name);
      return values.length === 0 ? null : values.join(", ");
    },
    bytes: () => Promise.reject(new Error("a call's message is read already")),
    signal: () => new AbortController().signal,
  };
}
