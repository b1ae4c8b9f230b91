import { z } from "zod";

import { PASS } from "./results";
import { CheckResult, CHECKS } from "./schema";

/** Checks as they are stored: of one that found nothing, only the name. Most find nothing, and each decision keeps all. */
export function storedChecks(checks: readonly CheckResult[]): readonly (string | CheckResult)[] {
  return checks.map((result) => (result === PASS[result.check] ? result.check : result));
}

const StoredCheck = z.union([z.enum(CHECKS).transform((check) => PASS[check]), CheckResult]);

/** Reads them back in full. One that this version does not know must not hide the rest of the explanation. */
export const StoredChecks = z.array(z.unknown()).transform((checks) =>
  checks.flatMap((check) => {
    const known = StoredCheck.safeParse(check);
    return known.success ? [known.data] : [];
  }),
);
