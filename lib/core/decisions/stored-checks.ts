import { z } from "zod";

import { PASS } from "./results";
import { CheckResult, CHECKS } from "./schema";

/** Checks as they are stored: of one that found nothing, only the name. Most find nothing, and each decision keeps all. */
export function storedChecks(checks: readonly CheckResult[]): readonly (string | CheckResult)[] {
  return checks.map((result) => (result === PASS[result.check] ? result.check : result));
}

/** Reads them back in full. */
export const StoredChecks = z.array(z.union([z.enum(CHECKS).transform((check) => PASS[check]), CheckResult]));
