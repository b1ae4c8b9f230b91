"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CONTROL } from "@/components/ui/control-class";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { TextInput } from "@/components/ui/text-input";
import { useFileLimit } from "@/components/ui/use-file-limit";
import { useFormAction } from "@/components/ui/use-form-action";
import { VisibleText } from "@/components/ui/visible-text";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";

type InvoiceFormProps = {
  import: FormAction;
  /** The largest file that is taken. */
  mostBytes: number;
  disabledReason?: string | undefined;
};

/** Takes a provider's file, chosen or dropped, and says which lines cannot be read. */
export function InvoiceForm({ import: send, mostBytes, disabledReason }: InvoiceFormProps) {
  const { state, pending, form } = useFormAction(send);
  const { fault, check } = useFileLimit(mostBytes);
  const lines = state.status === "refused" ? (state.faults ?? []).filter(({ path }) => path === "/csv") : [];
  const isRefused = state.status === "refused" && (lines.length > 0 || (state.faults ?? []).length === 0);
  return (
    <Section title="Import an invoice" id="import">
      <form {...form} className="grid max-w-3xl gap-4 border-y border-hair bg-surface p-3">
        {isRefused && state.status === "refused" && (
          <Alert tone="error" title="The file was not imported">
            {lines.length === 0 ? (
              state.message
            ) : (
              <ul>
                {lines.map(({ message }, index) => (
                  <li key={index}>
                    <VisibleText text={message} />
                  </li>
                ))}
              </ul>
            )}
          </Alert>
        )}
        <Field
          label="CSV file"
          hint="Choose it or drop it here: at most 10 MB and 200,000 rows."
          htmlFor="invoice-file"
          error={fault || faultAt(state, "/file")}
        >
          <input
            id="invoice-file"
            name="file"
            type="file"
            required
            aria-invalid={fault !== ""}
            onChange={({ currentTarget }) => check(currentTarget)}
            accept=".csv,.tsv,text/csv,text/tab-separated-values"
            className={`${CONTROL} h-auto border-dashed py-6 file:me-3 file:cursor-pointer file:rounded-sm file:border file:border-edge file:bg-surface file:px-2.5 file:py-1 file:text-text`}
          />
        </Field>
        <Field
          label="Provider"
          hint="Only where the file does not say, such as openai. Calls to other providers then explain nothing."
          htmlFor="invoice-provider"
          error={faultAt(state, "/provider")}
        >
          <TextInput id="invoice-provider" name="provider" maxLength={60} autoComplete="off" className="max-w-60" />
        </Field>
        <p className="text-muted">
          Usage and cost exports of OpenAI and Anthropic are read as they are. Any other table needs the columns{" "}
          <code>date</code> and <code>amount</code> (US dollars) or <code>tokens</code>, and may have <code>model</code>{" "}
          and <code>key</code>. Its sums by day, model and key are kept; the file is not.
        </p>
        <div>
          <Button type="submit" variant="primary" aria-busy={pending} disabledReason={disabledReason}>
            {pending ? "Reading…" : "Import"}
          </Button>
        </div>
      </form>
    </Section>
  );
}
