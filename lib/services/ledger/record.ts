import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { JsonObject } from "@/lib/core/shared/json";
import type { Tx } from "@/lib/data/db";
import { insertLedgerEntry, insertOutboxEvent } from "@/lib/data/ledger";

import type { Actor, ServiceContext } from "../context";

/**
 * Writes one ledger entry in the caller's transaction, and tells the screens: if this fails, so does the change.
 *
 * @param kind `noun.verb`, singular: `approval.vote`
 * @param details strings, integers, booleans, null and nests of them; no fractions, whose canonical text is a matter of parsers
 * @param told what the screens are told, where that is less than what is recorded
 */
export async function record(
  tx: Tx,
  ctx: ServiceContext,
  kind: `${string}.${string}`,
  details: JsonObject,
  told: JsonObject = details,
): Promise<void> {
  const id = uuidv7();
  const at = ctx.now;
  const body = { v: 1, kind, id, workspace: ctx.workspaceId, at: at.toISOString(), actor: actorOf(ctx.actor), details };
  await insertLedgerEntry(tx, ctx.workspaceId, { id, kind, body, at });
  await insertOutboxEvent(tx, ctx.workspaceId, { topic: kind, payload: told });
}

function actorOf(actor: Actor): JsonObject {
  if (actor.kind === "member") return { kind: "member", id: actor.memberId, via: actor.via };
  if (actor.kind === "agent") return { kind: "agent", id: actor.agentId, credential: actor.credentialId };
  return { kind: "system", job: actor.job };
}
