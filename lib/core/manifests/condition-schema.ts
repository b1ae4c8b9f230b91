import { z } from "zod";

import { strict } from "./strict";

const MAX_MEMBERS = 50;

/** A number that JSON, JavaScript and Postgres read alike. */
export const ExactNumber = z
  .number()
  .refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), "must be at most 9007199254740991");

/** A value an argument can be compared with. */
export const Scalar = z.union([z.string().max(1_000), ExactNumber, z.boolean(), z.null()]);
export type Scalar = z.infer<typeof Scalar>;

const OPERATORS = ["equals", "in", "at_most", "at_least", "prefix", "max_items"] as const;

/**
 * What is asked of one argument; several operators must all hold.
 *
 * `arg` is the name of an argument, or a JSON pointer into the arguments when it begins with `/`.
 */
export const Comparison = strict({
  arg: z.string().min(1).max(200),
  equals: Scalar.optional(),
  in: z.array(Scalar).min(1).max(1_000).optional(),
  at_most: ExactNumber.optional(),
  at_least: ExactNumber.optional(),
  prefix: z.string().min(1).max(1_000).optional(),
  max_items: z.int().min(0).max(100_000).optional(),
}).refine((comparison) => OPERATORS.some((operator) => comparison[operator] !== undefined), {
  error: `needs one of ${OPERATORS.join(", ")}`,
});
export type Comparison = z.infer<typeof Comparison>;

/** The closed condition language: it always terminates, and nothing in it can throw. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | Comparison;

export const Condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    Comparison,
    strict({ all: z.array(Condition).min(1).max(MAX_MEMBERS) }),
    strict({ any: z.array(Condition).min(1).max(MAX_MEMBERS) }),
    strict({ not: Condition }),
  ]),
);
