import { z } from "zod";

/** The query of every list: how many, and after which item. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});

/** A page of a list; `next` is the cursor of the following page, null at the end. */
export const Page = z.object({ items: z.array(z.unknown()), next: z.string().nullable() });
