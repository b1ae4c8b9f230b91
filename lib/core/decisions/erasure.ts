import { z } from "zod";

import { requiredNote } from "@/lib/core/shared/note";

/** Erasing what a decision was about. The reason stays in the ledger for ever, so it must not repeat what is erased. */
export const ErasePayloadInput = z.strictObject({ decisionId: z.uuid(), reason: requiredNote(500) });
export type ErasePayloadInput = z.infer<typeof ErasePayloadInput>;
