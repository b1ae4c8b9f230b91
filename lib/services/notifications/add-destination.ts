import "server-only";

import { v7 as uuidv7 } from "uuid";

import { checkAddress } from "@/lib/clients/checked-request";
import type { AddDestinationInput } from "@/lib/core/notifications/schema";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { insertDestination } from "@/lib/data/destinations";

import { agentOf } from "../agents/find-agent";
import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { type Outside, outside } from "./outside";
import { makeWebhookSecret, sealFor } from "./secrets";

/** A new destination. `secret` is what a webhook is signed with, in this answer and nowhere else. */
export type AddedDestination = { readonly destination: string; readonly secret: string | null };

/**
 * Adds a place that is told of actions. An address that leads inside is refused here, and again at each sending.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `unprocessable` for an address we do not send to;
 *   `not_found` for an unknown agent
 */
export async function addDestination(
  ctx: ServiceContext,
  input: AddDestinationInput,
  world: Outside = outside(),
): Promise<AddedDestination> {
  const { memberId } = requireRole(ctx, "admin");
  if (input.kind === "webhook") await requireReachable(input.address, world);
  const id = uuidv7();
  const secret = input.kind === "webhook" ? makeWebhookSecret() : null;
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "admin");
    const agent = input.agent ? await agentOf(tx, ctx.workspaceId, input.agent) : null;
    await insertDestination(tx, ctx.workspaceId, {
      id,
      kind: input.kind,
      name: input.name,
      address: input.address,
      agentId: agent?.agentId ?? null,
      events: input.events,
      leastBand: input.least_band,
      sealed: sealedOf(id, input, secret),
      by: memberId,
      at: ctx.now,
    });
    const { kind, address, events, least_band } = input;
    const details = { destination: id, kind, address, events: [...events], least_band, agent: agent?.id ?? null };
    await record(tx, ctx, "destination.add", details);
  });
  return { destination: id, secret };
}

function sealedOf(id: string, input: AddDestinationInput, secret: string | null): Uint8Array<ArrayBuffer> | null {
  if (secret !== null) return sealFor(id, secret);
  if (input.kind !== "slack") return null;
  const { bot_token, signing_secret } = input;
  return sealFor(id, JSON.stringify({ bot_token, signing_secret }));
}

async function requireReachable(address: string, world: Outside): Promise<void> {
  try {
    await checkAddress(address, world);
  } catch (error) {
    const why = error instanceof Error ? error.message : "it cannot be reached";
    throw new AppError("unprocessable", `Nothing is sent to this address: ${why}.`, {
      reason: "address_refused",
      faults: [{ code: "address_refused", path: "/address", message: why }],
    });
  }
}
