import "server-only";

import { admit, EVIDENCE_WINDOW } from "@/lib/core/traces/admit";
import type { AgentEvent } from "@/lib/core/traces/event";
import type { BodyFault, Decoded, Rejections } from "@/lib/core/traces/otlp";
import type { AdmittedEvent } from "@/lib/core/traces/stored-event";
import { ingestHash } from "@/lib/platform/ingest-key";

import type { ServiceContext } from "../context";
import { policyOf } from "./policy";
import { requireRoom } from "./require-room";
import { senderOf } from "./sender-of";
import { ingestQueue } from "./stores";

/** A body as it came, inflated, and how it is read. */
export type SentBody = {
  readonly inlet: string;
  readonly body: Uint8Array;
  readonly read: (body: Uint8Array) => Decoded<AgentEvent>;
};

/** What was made of a body: how many events are durable and what was left out; or why nothing of it can be read. */
export type Taken =
  | { readonly ok: true; readonly accepted: number; readonly rejected: Rejections; readonly duplicate: boolean }
  | { readonly ok: false; readonly fault: BodyFault };

const PART_EVENTS = 500;

/**
 * Takes what an agent's telemetry sent. When it answers, the events are durable; nothing is stored before it is
 * redacted. The same body again is the same batch: it adds nothing and gets the same answer.
 *
 * @throws {AppError} `forbidden` without the scope `ingest`; `over_limit` and `unavailable` when too much waits
 */
export async function takeBatch(ctx: ServiceContext, { inlet, body, read }: SentBody): Promise<Taken> {
  await requireRoom(ctx.workspaceId);
  const { agentId, credentialId, handle } = await senderOf(ctx);
  const decoded = read(body);
  if (!decoded.ok) return decoded;
  const policy = await policyOf(ctx.workspaceId);
  const hash = ingestHash(ctx.workspaceId);
  const door = {
    handle,
    receivedAt: ctx.now,
    window: EVIDENCE_WINDOW,
    redactor: policy.redactor(handle, hash),
    prices: policy.prices,
    hash,
  };
  const parts = partsOf(decoded.items.map((event) => admit(door, event)));
  if (parts.length === 0) return { ok: true, accepted: 0, rejected: decoded.rejected, duplicate: false };
  const { duplicate } = await ingestQueue.enqueue(ctx.workspaceId, {
    agentId,
    credentialId,
    inlet,
    digest: hash(Buffer.concat([Buffer.from(`${agentId} ${inlet}\n`), body])),
    receivedAt: ctx.now,
    parts,
  });
  return { ok: true, accepted: decoded.items.length, rejected: decoded.rejected, duplicate };
}

function partsOf(events: readonly AdmittedEvent[]): readonly (readonly AdmittedEvent[])[] {
  const parts: AdmittedEvent[][] = [];
  for (let at = 0; at < events.length; at += PART_EVENTS) parts.push(events.slice(at, at + PART_EVENTS));
  return parts;
}
