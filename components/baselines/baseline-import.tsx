"use client";

import { type ChangeEvent, useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { TextInput } from "@/components/ui/text-input";
import { useFileLimit } from "@/components/ui/use-file-limit";
import { useFormAction } from "@/components/ui/use-form-action";
import { MOST_FILE_BYTES } from "@/lib/core/baselines/schema";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";

type BaselineImportProps = { agent: string; read: FormAction; disabledReason?: string | undefined };

/** Records a baseline from a CSV file with a line a case. The file is read here; only its text is sent. */
export function BaselineImport({ agent, read, disabledReason }: BaselineImportProps) {
  const { state, pending, form } = useFormAction(read);
  const [csv, setCsv] = useState("");
  const { fault, check } = useFileLimit(MOST_FILE_BYTES);
  const choose = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    const text = check(target) ? ((await file?.text()) ?? "") : "";
    // A form sends each line's end as two characters.
    const added = text.match(/(?<!\r)\n/g)?.length ?? 0;
    setCsv(file !== undefined && check(target, file.size + added) ? text : "");
  };
  return (
    <Section title="Or import cases" id="import">
      <form {...form} className="grid max-w-4xl gap-4 border-y border-hair bg-surface p-3">
        {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
        <input type="hidden" name="agent" value={agent} />
        <input type="hidden" name="csv" value={csv} />
        <p>
          A CSV file with a line for each case, below a first line that names its columns: <code>minutes</code>,{" "}
          <code>cost_usd</code>, <code>succeeded</code> and <code>incident</code> (yes or no; an empty{" "}
          <code>incident</code> is no). One of them is enough; other columns are not read and nothing but the figures is
          kept.
        </p>
        <div className="grid gap-3 sm:grid-cols-4">
          <Field label="First day of the cases" htmlFor="import-from" error={faultAt(state, "/from")}>
            <TextInput id="import-from" name="from" type="date" required />
          </Field>
          <Field label="Last day of the cases" htmlFor="import-to" error={faultAt(state, "/to")}>
            <TextInput id="import-to" name="to" type="date" required />
          </Field>
          <Field label="File" htmlFor="import-file" error={fault || faultAt(state, "/csv")}>
            <input
              id="import-file"
              type="file"
              accept=".csv,text/csv"
              required
              aria-invalid={fault !== ""}
              onChange={choose}
              className="min-h-8 w-full text-sm pointer-coarse:min-h-11"
            />
          </Field>
          <Field label="Source of the file" htmlFor="import-source" error={faultAt(state, "/source")}>
            <TextInput id="import-source" name="source" maxLength={500} autoComplete="off" />
          </Field>
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" aria-busy={pending} disabledReason={disabledReason}>
            {pending ? "Reading…" : "Import cases"}
          </Button>
          <span role="status" className="text-muted">
            {state.status === "done" && "Recorded."}
          </span>
        </div>
      </form>
    </Section>
  );
}
