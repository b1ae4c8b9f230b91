import * as grpc from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "vitest";

import { workspaceDb } from "@/lib/data/db";
import { ingestPool } from "@/lib/data/ingest-pool";
import { registerAgent } from "@/lib/services/agents/register-agent";
import { RegisterAgentInput } from "@/lib/core/agents/schema";
import { givenTenant, type Tenant } from "@/lib/testing/tenant";
import { freePort } from "@/lib/testing/replicas";
import { WIRE } from "@/lib/core/traces/otlp-wire";
import { newEventId, newTraceId } from "@/lib/testing/trace-events";
import { writeWaiting } from "@/lib/services/traces/write-waiting";

import { type GrpcReceiver, startGrpc } from "./otlp-grpc";

let tenant: Tenant;
let key: string;
let receiver: GrpcReceiver;
let client: grpc.Client;
let port: number;

beforeAll(async () => {
  tenant = await givenTenant();
  const author = await tenant.person("admin");
  const input = { id: "grpc-agent", task: "Test.", dri: author.email, environment: "production", level: 1 };
  key = (await registerAgent(author, RegisterAgentInput.parse(input))).key;
  port = await freePort();
  receiver = await startGrpc({ port, host: "127.0.0.1" });
  client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  receiver.close();
  await ingestPool.end();
});

const asIs = (bytes: Buffer) => bytes;

function send(body: Uint8Array, secret = key): Promise<{ code: number; bytes: Buffer }> {
  const metadata = new grpc.Metadata();
  metadata.set("authorization", `Bearer ${secret}`);
  const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, asIs, asIs, Buffer.from(body), metadata, (error, bytes) =>
      resolve({ code: error?.code ?? 0, bytes: bytes ?? Buffer.alloc(0) }),
    );
  });
}

function exportOf(traceId: string): Uint8Array {
  const span = WIRE.span.encode(
    WIRE.span.fromObject({
      traceId: Buffer.from(traceId, "hex"),
      spanId: Buffer.from(newEventId(), "hex"),
      name: "chat",
      startTimeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
    }),
  );
  const scopes = [{ items: [span.finish()] }];
  return WIRE.export.encode(WIRE.export.fromObject({ groups: [{ scopes }] })).finish();
}

test("takes a trace over gRPC by the same way as over HTTP, once", async () => {
  const traceId = newTraceId();
  const body = exportOf(traceId);
  expect(await send(body)).toEqual({ code: 0, bytes: Buffer.alloc(0) });
  expect(await send(body)).toEqual({ code: 0, bytes: Buffer.alloc(0) });
  await writeWaiting(AbortSignal.timeout(20_000));
  const events = await workspaceDb(tenant.workspaceId).agentEvent.findMany({
    where: { workspaceId: tenant.workspaceId },
  });
  expect(events.map((event) => [Buffer.from(event.traceId).toString("hex"), event.name])).toEqual([[traceId, "chat"]]);
});

test("refuses in gRPC's words", async () => {
  expect((await send(exportOf(newTraceId()), `ilk_${"x".repeat(40)}`)).code).toBe(grpc.status.UNAUTHENTICATED);
  expect((await send(Uint8Array.of(0x0a, 0xff, 0x01))).code).toBe(grpc.status.INVALID_ARGUMENT);
  expect((await send(new Uint8Array(21 * 1024 * 1024))).code).toBe(grpc.status.RESOURCE_EXHAUSTED);
});

test("leaves a port to whoever has it, and 0 means nowhere", async () => {
  const second = await startGrpc({ port, host: "127.0.0.1" });
  expect(second.port).toBeNull();
  second.close();
  expect((await startGrpc({ port: 0, host: "127.0.0.1" })).port).toBeNull();
});
