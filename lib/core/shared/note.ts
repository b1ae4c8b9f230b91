import { z } from "zod";

import { countVisible } from "./visible-text";

/** Postgres has no text with U+0000. */
const isStorable = (text: string): boolean => !text.includes("\0");

/** What a person has to write for others to read: at least one character that a reader sees, at most so many in all. */
export const requiredNote = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine(isStorable, "must not hold U+0000")
    .refine((text) => countVisible(text) > 0, "must hold characters that can be seen");

/** What a person calls a thing of theirs: a name that a reader sees, and the database can keep. */
export const requiredName = (most: number) =>
  z
    .string()
    .trim()
    .min(1, "Give it a name.")
    .max(most, `At most ${most} characters.`)
    .regex(/^[^\0]*$/, "U+0000 is in no name.")
    .refine((text) => countVisible(text) > 0, "Give it a name that can be seen.");

/** What a person may write for others to read. What a reader sees nothing of is no note. */
export const optionalNote = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .transform((text) => (countVisible(text) > 0 ? text : ""))
    .refine(isStorable, "must not hold U+0000")
    .default("");
