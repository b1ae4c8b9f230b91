import { z } from "zod";

import { FILE_PARTS, invoiceCsv } from "@/lib/core/invoices/file";
import { ImportInvoiceInput, InvoiceRef, MOST_INVOICE_BYTES } from "@/lib/core/invoices/schema";
import { InvoicePage, ShownInvoice } from "@/lib/core/invoices/shown";
import { importInvoice } from "@/lib/services/invoices/import-invoice";
import { listInvoices } from "@/lib/services/invoices/list-invoices";
import { removeInvoice } from "@/lib/services/invoices/remove-invoice";
import { showInvoice } from "@/lib/services/invoices/show-invoice";

import { created, ok, operation } from "./declare";
import { download, once } from "./download";

/** What escapes and quotes of JSON may add to a file. */
const JSON_ROOM = 1024 * 1024;

const { csv, ...said } = ImportInvoiceInput.shape;
const Imported = z.object({ id: z.uuid() });

export const invoiceOperations = [
  operation({
    method: "post",
    path: "/api/v1/invoices",
    summary: "Import a provider's usage or cost CSV, or a plain one of date, model, key and amount or tokens",
    tag: "metrics",
    as: "member",
    query: z.strictObject(said),
    body: z.strictObject({ csv }),
    csv: { mostBytes: MOST_INVOICE_BYTES + JSON_ROOM },
    answers: {
      201: { description: "Imported. Its sums are kept, the file is not.", schema: Imported },
      200: { description: "This very file was imported before.", schema: Imported },
    },
    run: async (ctx, { query, body }) => {
      const { id, isNew } = await importInvoice(ctx, { ...query, ...body });
      return isNew ? created({ id }) : ok({ id });
    },
  }),
  operation({
    method: "get",
    path: "/api/v1/invoices",
    summary: "List the imported invoices, the latest first",
    tag: "metrics",
    as: "session",
    answers: { 200: { description: "The invoices.", schema: z.object({ invoices: z.array(ShownInvoice) }) } },
    run: async (ctx) => ok({ invoices: await listInvoices(ctx) }),
  }),
  operation({
    method: "get",
    path: "/api/v1/invoices/{id}",
    summary: "Say how much of an imported invoice telemetry of the same UTC days explains, and what went past it",
    tag: "metrics",
    as: "session",
    params: InvoiceRef,
    query: z.strictObject({
      format: z.enum(["json", "csv"]).default("json"),
      /** What the rows of a CSV are: days and models, models, or keys. */
      rows: z.enum(FILE_PARTS).default("cells"),
    }),
    answers: {
      200: {
        description: "Amounts are trillionths of a dollar, or tokens where it has no amounts.",
        schema: InvoicePage,
      },
    },
    run: async (ctx, { params, query }) => {
      const page = await showInvoice(ctx, params);
      if (query.format === "json") return ok(page);
      const file = { type: "text/csv", filename: "interlock-invoice.csv" };
      return ok(await download(ctx, () => once(invoiceCsv(page, query.rows)), file));
    },
  }),
  operation({
    method: "delete",
    path: "/api/v1/invoices/{id}",
    summary: "Remove an imported invoice with its sums",
    tag: "metrics",
    as: "member",
    params: InvoiceRef,
    answers: { 200: { description: "Removed.", schema: z.object({ removed: z.literal(true) }) } },
    run: async (ctx, { params }) => {
      await removeInvoice(ctx, params);
      return ok({ removed: true });
    },
  }),
];
