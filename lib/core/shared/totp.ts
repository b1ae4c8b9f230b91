import { z } from "zod";

/** A code as people type and paste it: apps show it in two halves. */
export const Totp = z
  .string()
  .transform((text) => text.replaceAll(/\s/g, ""))
  .pipe(z.string().regex(/^[0-9]{6}$/, "six digits"));
