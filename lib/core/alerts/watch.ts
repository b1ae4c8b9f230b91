import { z } from "zod";

import { PHASES, type Watch } from "./evaluate";

/** `Watch` as it is stored. */
export const StoredWatch: z.ZodType<Watch> = z.object({
  phase: z.enum(PHASES),
  since: z.string().nullable(),
  trueSince: z.string().nullable(),
  clearSince: z.string().nullable(),
  lostSince: z.string().nullable(),
  toldAt: z.string().nullable(),
  silencedUntil: z.string().nullable(),
  before: z.enum(["firing", "acknowledged", "silenced"]).nullable(),
});
