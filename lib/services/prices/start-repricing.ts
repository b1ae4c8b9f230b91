import "server-only";

import { v7 as uuidv7 } from "uuid";

import { BASE_TABLE } from "@/lib/core/costs/base-table";
import type { RepriceInput } from "@/lib/core/costs/reprice";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { listOverridesInForce } from "@/lib/data/prices";
import { insertRepricing } from "@/lib/data/repricings";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Begins to price a range of stored calls by the prices in force. A job does it. What calls cost when they were decided
 * about stays in the ledger.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `conflict` (`repricing_open`) while another one is under way
 */
export async function startRepricing(
  ctx: ServiceContext,
  { from, to }: RepriceInput,
): Promise<{ repricing_id: string }> {
  requireRole(ctx, "admin");
  return transact(ctx.db, async (tx) => {
    const { memberId } = await requireNow(tx, ctx, "admin");
    const id = uuidv7();
    const range = { from: new Date(from), to: new Date(to) };
    if (!(await insertRepricing(tx, ctx.workspaceId, { id, ...range, by: memberId })))
      throw new AppError("conflict", "A repricing is under way. Wait until it is done.", { reason: "repricing_open" });
    const overrides = (await listOverridesInForce(tx, ctx.workspaceId)).map((override) => override.id);
    await record(tx, ctx, "price.reprice", {
      repricing: id,
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      base_table: BASE_TABLE,
      overrides: overrides.length,
    });
    return { repricing_id: id };
  });
}
