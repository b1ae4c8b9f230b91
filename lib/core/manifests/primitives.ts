import { z } from "zod";

/** A tool's name, or a pattern of names where one may stand. */
export const Name = z.string().min(1).max(128);

/** How many: a whole number that every store holds exactly. */
export const Count = z.int().min(0).max(1_000_000_000);
