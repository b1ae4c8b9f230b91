import "server-only";

import type { ImportBaselineInput } from "@/lib/core/baselines/schema";
import { AppError } from "@/lib/core/shared/errors";

import { requireMember, type ServiceContext } from "../context";
import { readCases } from "./read-cases";
import { recordBaseline } from "./record-baseline";

/**
 * Records the baseline that a CSV file of cases comes to.
 *
 * @throws {AppError} as `recordBaseline`; `invalid_input` for a file that cannot be read, at its first wrong line
 */
export async function importBaseline(
  ctx: ServiceContext,
  { agent, csv, ...period }: ImportBaselineInput,
): Promise<void> {
  requireMember(ctx);
  const read = await readCases(csv, period);
  if (!read.ok) throw new AppError("invalid_input", read.message, { reason: "unreadable_cases" });
  await recordBaseline(ctx, { agent, baseline: read.baseline });
}
