import type http from "node:http";

import type { OtlpEncoding } from "@/lib/core/traces/decode";
import { counter } from "@/lib/platform/metrics";
import { requireAgent } from "@/lib/services/context";
import { type Inlet, takeTelemetry } from "@/lib/services/traces/take-telemetry";
import type { Taken } from "@/lib/services/traces/take-batch";

import { exchangeOfNode } from "./exchange";
import { inTurn } from "./in-turn";
import { ingestBody, isGzip } from "./ingest-body";
import { latency } from "./latency";
import { contentTypeOf, exportReply, type RejectedField, statusReply } from "./otlp-reply";
import { HttpRefusal } from "./refusal";
import { failureOf, jsonReply, problemReply, type Reply } from "./respond";
import { contextOf } from "./serve";

type Way = { readonly inlet: Inlet; readonly rejected: RejectedField };

const TRACES: Way = { inlet: "traces", rejected: "rejectedSpans" };
const OTLP: ReadonlyMap<string, Way> = new Map([
  ["/v1/traces", TRACES],
  ["/api/public/otel/v1/traces", TRACES],
  ["/v1/logs", { inlet: "logs", rejected: "rejectedLogRecords" }],
  ["/v1/metrics", { inlet: "metrics", rejected: "rejectedDataPoints" }],
]);
const EVENTS = "/api/v1/events";
const EVENT_TYPES = ["application/json", "application/x-ndjson", "application/ndjson", "application/jsonl"];

const taken = counter("interlock_ingest_events_total", "Events of telemetry, by inlet and what became of them", {
  labelNames: ["inlet", "result"],
});

const pathOf = ({ url }: http.IncomingMessage): string => url?.split("?", 1)[0] ?? "";

/** Whether this brings telemetry: it is answered on the socket itself, because its bodies are large and may be packed. */
export const isIngest = (request: http.IncomingMessage): boolean =>
  request.method === "POST" && (OTLP.has(pathOf(request)) || pathOf(request) === EVENTS);

/** Answers one request that brings telemetry; never throws. */
export async function answerIngest(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const end = latency.startTimer();
  const path = pathOf(request);
  const way = OTLP.get(path);
  const { status, headers, body } = way ? await answerOtlp(request, way) : await answerEvents(request);
  end({ method: "POST", route: path, status: String(status) });
  if (response.closed) return;
  response.writeHead(status, {
    ...headers,
    "content-length": body.byteLength,
    // What is not read yet is thrown away, so the connection ends with the answer.
    ...(!request.complete && { connection: "close" }),
  });
  if (request.complete) response.end(body);
  else endAfterRest(request, response, body);
}

/** For so long a sender that was answered early may go on sending. */
const LINGER_MS = 2_000;

/** Ends a connection when the rest of the request has arrived or takes too long. A sender still sending would not read an earlier answer. */
function endAfterRest(request: http.IncomingMessage, response: http.ServerResponse, body: Buffer): void {
  response.write(body);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once("end", end).once("close", end).resume();
}

type Bytes = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

async function answerOtlp(request: http.IncomingMessage, way: Way): Promise<Bytes> {
  let encoding: OtlpEncoding = "json";
  try {
    encoding = encodingOf(request);
    const result = await take(request, { inlet: way.inlet, encoding });
    if (!result.ok) return refused(encoding, 400, result.fault.message, {});
    const headers = { "content-type": contentTypeOf(encoding), "cache-control": "no-store" };
    return { status: 200, headers, body: exportReply(encoding, way.rejected, result.rejected) };
  } catch (error) {
    const { status, body, headers } = failureOf(error, "-");
    return refused(encoding, status, body.detail, headers);
  }
}

function refused(encoding: OtlpEncoding, status: number, message: string, headers: Reply["headers"]): Bytes {
  return {
    status,
    headers: { ...headers, "content-type": contentTypeOf(encoding) },
    body: statusReply(encoding, status, message),
  };
}

async function answerEvents(request: http.IncomingMessage): Promise<Bytes> {
  const reply = await eventsReply(request);
  return { status: reply.status, headers: reply.headers, body: Buffer.from(reply.text) };
}

async function eventsReply(request: http.IncomingMessage): Promise<Reply> {
  try {
    if (!EVENT_TYPES.includes(mediaTypeOf(request)))
      throw new HttpRefusal(415, "unsupported_media_type", `Send ${EVENT_TYPES.slice(0, 2).join(" or ")}.`);
    const result = await take(request, { inlet: "events", encoding: "json" });
    if (!result.ok) throw new HttpRefusal(400, result.fault.code, result.fault.message);
    const { accepted, rejected } = result;
    return jsonReply(200, { accepted, rejected: rejected.count, errors: rejected.first });
  } catch (error) {
    return problemReply(error, "-");
  }
}

const mediaTypeOf = ({ headers }: http.IncomingMessage): string =>
  (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";

function encodingOf(request: http.IncomingMessage): OtlpEncoding {
  const type = mediaTypeOf(request);
  if (type === "application/x-protobuf" || type === "application/protobuf") return "protobuf";
  if (type === "application/json") return "json";
  throw new HttpRefusal(415, "unsupported_media_type", "Send application/x-protobuf or application/json.");
}

async function take(
  request: http.IncomingMessage,
  { inlet, encoding }: { readonly inlet: Inlet; readonly encoding: OtlpEncoding },
): Promise<Taken> {
  const gzip = isGzip(request);
  const ctx = await contextOf(exchangeOfNode(request), "agent", false);
  requireAgent(ctx, "ingest"); // before anything is read
  return inTurn(ctx.workspaceId, async () => {
    const body = await ingestBody(request, gzip);
    const result = await takeTelemetry(ctx, { inlet, encoding, body });
    if (result.ok) {
      taken.inc({ inlet, result: "accepted" }, result.accepted);
      if (result.rejected.count > 0) taken.inc({ inlet, result: "rejected" }, result.rejected.count);
    }
    return result;
  });
}
