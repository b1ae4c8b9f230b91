import "server-only";

import { adviceCsv } from "@/lib/core/advice/csv";
import type { AdviceList } from "@/lib/core/advice/schema";
import { showAdvice } from "@/lib/core/advice/show";
import { findAdviceMark, listAdvice as readAdvice } from "@/lib/data/advice";

import { requireMember, type ServiceContext } from "../context";

/** What the last evaluation found, dismissed or not, what is worth most first. For any member. */
export async function listAdvice(ctx: ServiceContext): Promise<AdviceList> {
  requireMember(ctx);
  const [stored, evaluated] = await Promise.all([
    readAdvice(ctx.db, ctx.workspaceId),
    findAdviceMark(ctx.db, ctx.workspaceId),
  ]);
  return { evaluated_at: evaluated, items: showAdvice(stored) };
}

/** The same as CSV. */
export async function exportAdvice(ctx: ServiceContext): Promise<string> {
  return adviceCsv(await listAdvice(ctx), ctx.now);
}
