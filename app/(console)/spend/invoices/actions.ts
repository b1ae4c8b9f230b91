"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";

import { ImportInvoiceForm } from "@/lib/core/invoices/forms";
import { InvoiceRef } from "@/lib/core/invoices/schema";
import { AppError } from "@/lib/core/shared/errors";
import { paths } from "@/lib/core/shared/paths";
import { importInvoice } from "@/lib/services/invoices/import-invoice";
import { removeInvoice } from "@/lib/services/invoices/remove-invoice";
import { action } from "@/lib/web/action";

export const importInvoiceAction = action(ImportInvoiceForm, async (ctx, { file, provider }) => {
  const { id } = await importInvoice(ctx, {
    csv: await textOf(file),
    name: file.name.slice(0, 200).toWellFormed(),
    provider,
  });
  redirect(paths.invoice(id));
});

export const removeInvoiceAction = action(InvoiceRef, async (ctx, input) => {
  await removeInvoice(ctx, input);
  revalidatePath(paths.invoices());
  redirect(paths.invoices());
});

/** Every byte as it is in the file, so that its digest is the same however it is sent. */
async function textOf(file: File): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
  } catch {
    throw new AppError("invalid_input", "The file is not UTF-8 text. Save it as “CSV UTF-8”.", { reason: "not_utf8" });
  }
}
