import { z } from "zod";

import { AppError } from "./errors";

/** How many items a list answers at most. */
export const MAX_PAGE = 200;

/** The part of a list's filter every list has. A mangled value means the default, so an old link shows the first page. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).catch(50),
  /** The `next` of the page before: the last id it showed. */
  cursor: z.uuid().optional().catch(undefined),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** One page of a list and the cursor of the next; `next` is null on the last page. */
export type Page<T> = { readonly items: readonly T[]; readonly next: string | null };

/** Cuts one row too many, fetched to learn whether there are more, into a page. */
export function pageOf<T extends { readonly id: string }>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** A text filter from a URL: trimmed, bounded, absent when empty. */
export const FilterText = z
  .string()
  .trim()
  .max(256)
  .regex(/^[^\0]*$/) // Postgres has no text with it
  .transform((text) => text || undefined)
  .optional()
  .catch(undefined);

export const isUuid = (text: string): boolean => z.uuid().safeParse(text).success;

/**
 * A cursor as the id it must be; absent on the first page.
 *
 * @throws {AppError} `invalid_input` for a text that no list ever answered
 */
export function cursorId(cursor: string | undefined): string | undefined {
  if (cursor === undefined || isUuid(cursor)) return cursor;
  throw new AppError("invalid_input", "This cursor does not come from a list.", {
    faults: [{ code: "invalid_cursor", path: "/cursor", message: "must be the `next` of the page before" }],
  });
}
