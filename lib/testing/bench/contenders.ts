import type { Mix } from "./policy";

/** The servers of the durable path, by the names that tables and figures use. */
export const OURS = "Interlock";
export const NO_COMMIT = "no commit";
export const PRISMA = "Prisma create";

export const MIX_NAMES = { asks: "15 % ask", plain: "none asks" } as const satisfies Record<Mix, string>;

/** How many callers wait for an answer at the same time. */
export const IN_FLIGHT = [1, 8, 32, 128];
/** The load at which the requirements hold. */
export const JUDGED_IN_FLIGHT = 32;
