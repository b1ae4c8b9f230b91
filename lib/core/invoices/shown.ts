import { z } from "zod";

import { InvoiceColumn, InvoiceMeasure } from "./schema";
import { EXPLAINED_STATES } from "./state";

const Units = z.string().regex(/^\d+$/);
const Day = z.iso.date();

/** An imported file, without what it is made of. */
export const ShownInvoice = z.object({
  id: z.uuid(),
  /** The file's name, as it was sent. */
  name: z.string(),
  /** SHA-256 of the file, in hex. */
  digest: z.string(),
  /** Whose calls it is compared with; null for those of every provider. */
  provider: z.string().nullable(),
  measure: InvoiceMeasure,
  columns: z.array(InvoiceColumn),
  rows: z.number(),
  first_day: Day,
  last_day: Day,
  /** The sum of its rows: trillionths of a dollar, or tokens. */
  units: Units,
  created_by: z.string(),
  created_at: z.date(),
});
export type ShownInvoice = z.infer<typeof ShownInvoice>;

const Explained = z.object({
  invoiced: Units,
  /** Never more than was invoiced. */
  explained: Units,
  /** Explained over invoiced, 0 to 1; null where nothing is invoiced. */
  share: z.number().nullable(),
});

/** An invoice beside telemetry of the same UTC days, what went past us first. */
export const ShownExplained = Explained.extend({
  models: z.array(
    Explained.extend({
      model: z.string(),
      names: z.array(z.string()),
      seen_as: z.array(z.string()),
      state: z.enum(EXPLAINED_STATES),
    }),
  ),
  /** What can be explained of a key at most. Empty where the file names no keys. */
  keys: z.array(
    Explained.extend({
      key: z.string(),
      state: z.enum(EXPLAINED_STATES),
      agent: z.string().nullable(),
      models: z.number(),
    }),
  ),
  days: z.array(Explained.extend({ day: Day })),
  cells: z.array(Explained.extend({ day: Day, model: z.string(), seen: Units })),
  /** What telemetry has seen in those days that the invoice does not have. */
  beyond: z.array(z.object({ model: z.string(), seen_as: z.array(z.string()), units: Units })),
});
export type ShownExplained = z.infer<typeof ShownExplained>;

/** An imported file with what it is made of. */
export const InvoicePage = z.object({ invoice: ShownInvoice, explained: ShownExplained });
export type InvoicePage = z.infer<typeof InvoicePage>;
