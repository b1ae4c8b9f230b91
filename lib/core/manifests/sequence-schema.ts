import { z } from "zod";

import { Condition } from "./condition-schema";
import { Count, Name } from "./primitives";
import { strict } from "./strict";

const Step = strict({ tool: Name, where: Condition.optional() });

const MAX_DAYS = 366;
const DAYS_OF: Readonly<Record<string, number>> = { s: 1 / 86_400, m: 1 / 1_440, h: 1 / 24, d: 1 };

/** How far a sequence looks: as long as counts are kept, and no longer. */
const Within = z
  .string()
  .regex(/^(run|session|[1-9]\d{0,7}[smhd])$/, "run, session or a duration such as 15m")
  .refine(
    (within) => !/\d/.test(within) || Number.parseInt(within, 10) * (DAYS_OF[within.slice(-1)] ?? 1) <= MAX_DAYS,
    { error: `at most ${MAX_DAYS}d` },
  );
const SequenceVerdict = z.enum(["deny", "require_approval"]);

/** What must not follow what, or not happen more often than this. */
export const Sequence = z.union([
  strict({
    name: Name,
    after: Step,
    then: Step,
    bind: strict({ after: Name, then: Name }).optional(),
    within: Within,
    decide: SequenceVerdict,
  }),
  strict({
    name: Name,
    count: strict({ tool: Name, where: Condition.optional(), over: Count }),
    within: Within,
    decide: SequenceVerdict,
  }),
]);

export type Sequence = z.infer<typeof Sequence>;
