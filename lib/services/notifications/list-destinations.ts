import "server-only";

import type { DeliveryItem, DestinationItem } from "@/lib/core/notifications/schema";
import { listDeliveryRows } from "@/lib/data/deliveries";
import { findHold } from "@/lib/data/delivery-queue";
import { listDestinationRows } from "@/lib/data/destinations";

import { requireRole, type ServiceContext } from "../context";

const LATEST = 50;

/** Where this workspace tells of what happens, and what it told last. */
export type Destinations = {
  readonly items: readonly DestinationItem[];
  readonly deliveries: readonly DeliveryItem[];
  /** Since when everything is held back after a restore. */
  readonly heldSince: Date | null;
};

/** The destinations and the latest messages, for administrators: addresses and errors are nobody else's business. */
export async function listDestinations(ctx: ServiceContext): Promise<Destinations> {
  requireRole(ctx, "admin");
  const [items, deliveries, heldSince] = await Promise.all([
    listDestinationRows(ctx.db, ctx.workspaceId),
    listDeliveryRows(ctx.db, ctx.workspaceId, LATEST),
    findHold(ctx.db, ctx.workspaceId),
  ]);
  return { items, deliveries, heldSince };
}
