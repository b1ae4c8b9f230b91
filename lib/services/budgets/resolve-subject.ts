import "server-only";

import type { BudgetInput } from "@/lib/core/budgets/schema";
import { AppError } from "@/lib/core/shared/errors";
import type { Db } from "@/lib/data/db";
import { findBudgetSubject } from "@/lib/data/budgets";

import type { ServiceContext } from "../context";

/** The budget with an agent's or member's id for its name. @throws {AppError} `invalid_input` where nobody has that name */
export async function resolveSubject(on: Db, ctx: ServiceContext, input: BudgetInput): Promise<BudgetInput> {
  const { scope, value } = input;
  if (scope !== "agent" && scope !== "owner") return input;
  const id = await findBudgetSubject(on, ctx.workspaceId, scope, value);
  if (id !== null) return { ...input, value: id };
  const message = scope === "agent" ? "There is no such agent." : "Nobody here has this e-mail address.";
  throw new AppError("invalid_input", message, {
    reason: "invalid_input",
    faults: [{ code: "unknown_subject", path: "/value", message }],
  });
}
