import { AppError } from "@/lib/core/shared/errors";

import type { Baseline } from "./schema";

/** @throws {AppError} `invalid_input` for a period that is not over: of what is to come nobody has counted a case */
export function requirePast({ to }: Pick<Baseline, "to">, now: Date): void {
  const today = now.toISOString().slice(0, to.length);
  if (to <= today) return;
  const message = `The last day is after today, ${today}.`;
  throw new AppError("invalid_input", message, { faults: [{ code: "invalid_value", path: "/to", message }] });
}
