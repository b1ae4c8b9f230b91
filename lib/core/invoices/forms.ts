import { z } from "zod";

import { ImportInvoiceInput, MOST_INVOICE_BYTES } from "./schema";

/** `ImportInvoiceInput` as its form sends it: the file itself. */
export const ImportInvoiceForm = z.strictObject({
  file: z
    .file("Choose a file.")
    .min(1, "Choose a file.")
    .max(MOST_INVOICE_BYTES, "The file is larger than 10 MB.")
    .refine(({ name }) => !name.includes("\0"), "U+0000 is in no name."),
  provider: ImportInvoiceInput.shape.provider,
});

/** The address of an invoice's page: the model it is narrowed to. */
export const InvoiceQuery = z.object({ model: z.string().max(200).optional().catch(undefined) });
