import "server-only";

import type { MemberId } from "@/lib/core/shared/brand";
import { transact } from "@/lib/data/db";
import { markAsDemo } from "@/lib/data/demo";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/** Marks the agents, tools and people of a freshly filled workspace as demonstration, so that no screen passes them off as real. */
export async function markDemo(ctx: ServiceContext, input: { readonly except: readonly MemberId[] }): Promise<void> {
  requireSystem(ctx);
  await transact(ctx.db, async (tx) => {
    await markAsDemo(tx, ctx.workspaceId, input.except);
    await record(tx, ctx, "workspace.demo", { except: [...input.except] });
  });
}
