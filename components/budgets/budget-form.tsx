"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useRef, useState, useTransition } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { BudgetsQuery } from "@/lib/core/budgets/forms";
import { BUDGET_PERIODS, BUDGET_SCOPES, type BudgetScope } from "@/lib/core/budgets/schema";
import { SCOPE_WORDS } from "@/lib/core/budgets/words";
import { type ActionState, faultAt, type FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";

type BudgetFormProps = {
  set: FormAction;
  begin: BudgetsQuery;
  /** What is wrong with the budget in the address. */
  fault: string | null;
  disabledReason?: string | undefined;
  /** The preview of the budget in the address. */
  children: ReactNode;
};

const VALUE_WORDS: Readonly<Record<BudgetScope, { readonly label: string; readonly hint: string } | null>> = {
  workspace: null,
  agent: { label: "Agent", hint: "Its id, such as support-triage-v2." },
  owner: { label: "Owner", hint: "The e-mail address of the person who answers for the agents." },
  environment: { label: "Environment", hint: "As the telemetry names it." },
  model: { label: "Model", hint: "As the calls name it." },
  tool: { label: "Tool", hint: "As the calls name it." },
  customer: { label: "Customer", hint: "As the telemetry names it." },
  tag: { label: "Tag", hint: "As the telemetry names it." },
};
const PERIOD_OPTIONS = { day: "Day", week: "Week", month: "Month" } as const;
const METRICS = [
  { value: "cost_usd", label: "US dollars" },
  { value: "tokens", label: "Tokens" },
];

/** Sets a budget, after a look at what it would have meant. */
export function BudgetForm({ set, begin, fault, disabledReason, children }: BudgetFormProps) {
  const { state, pending, form } = useFormAction(set);
  const element = useRef<HTMLFormElement>(null);
  const router = useRouter();
  const [previewing, startPreview] = useTransition();
  const preview = () => {
    if (!element.current?.reportValidity()) return;
    const fields = [...new FormData(element.current)].flatMap(([name, field]) =>
      typeof field === "string" && !name.startsWith("$") ? [[name, field]] : [],
    );
    startPreview(() => router.push(paths.budgets(Object.fromEntries(fields)), { scroll: false }));
  };
  return (
    <Section title="Set a budget" id="set">
      <form {...form} ref={element} className="grid max-w-3xl gap-4 border-y border-hair bg-surface p-3">
        {state.status === "refused" && (state.faults ?? []).length === 0 && <Alert tone="error">{state.message}</Alert>}
        <BudgetFields begin={begin} state={state} />
        <p className="text-muted">
          It tells the administrators, from what your telemetry reports, which comes a little later than the calls. It
          stops no call. To stop calls, set <code>execution.daily_cost_usd</code> in the agent’s manifest.
        </p>
        {fault !== null && <Alert tone="error">{fault}</Alert>}
        <div aria-busy={previewing}>{children}</div>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="button" onClick={preview} aria-busy={previewing}>
            {previewing ? "Looking…" : "Try it on the past"}
          </Button>
          <Button type="submit" variant="primary" aria-busy={pending} disabledReason={disabledReason}>
            {pending ? "Recording…" : "Set budget"}
          </Button>
          <span role="status" className="text-muted">
            {state.status === "done" && "Set."}
          </span>
        </div>
      </form>
    </Section>
  );
}

function BudgetFields({ begin, state }: { begin: BudgetsQuery; state: ActionState }) {
  const [scope, setScope] = useState<BudgetScope>(scopeOf(begin.scope));
  const value = VALUE_WORDS[scope];
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <Field label="For" htmlFor="budget-scope">
        <Select
          id="budget-scope"
          name="scope"
          value={scope}
          onChange={(event) => setScope(scopeOf(event.target.value))}
          options={BUDGET_SCOPES.map((one) => ({ value: one, label: SCOPE_WORDS[one] }))}
        />
      </Field>
      {value !== null && (
        <Field label={value.label} hint={value.hint} htmlFor="budget-value" error={faultAt(state, "/value")}>
          <TextInput
            id="budget-value"
            name="value"
            required
            maxLength={200}
            autoComplete="off"
            defaultValue={begin.value}
          />
        </Field>
      )}
      <Field label="Each" htmlFor="budget-period">
        <Select
          id="budget-period"
          name="period"
          defaultValue={begin.period ?? "day"}
          options={BUDGET_PERIODS.map((one) => ({ value: one, label: PERIOD_OPTIONS[one] }))}
        />
      </Field>
      <Field label="Amount" hint="250.00, or 2000000 tokens." htmlFor="budget-amount" error={faultAt(state, "/amount")}>
        <TextInput
          id="budget-amount"
          name="amount"
          required
          inputMode="decimal"
          maxLength={30}
          autoComplete="off"
          defaultValue={begin.amount}
        />
      </Field>
      <Field label="In" htmlFor="budget-metric">
        <Select id="budget-metric" name="metric" defaultValue={begin.metric ?? "cost_usd"} options={METRICS} />
      </Field>
      <Field label="Warn at" hint="Percent of the amount." htmlFor="budget-warn" error={faultAt(state, "/warn_at")}>
        <TextInput
          id="budget-warn"
          name="warn_percent"
          type="number"
          min={5}
          max={100}
          required
          defaultValue={begin.warn_percent ?? "80"}
        />
      </Field>
      <Field label="Time zone" hint="When its days begin." htmlFor="budget-zone" error={faultAt(state, "/zone")}>
        <TextInput
          id="budget-zone"
          name="zone"
          required
          maxLength={60}
          autoComplete="off"
          defaultValue={begin.zone ?? "UTC"}
        />
      </Field>
    </div>
  );
}

const scopeOf = (text: string | undefined): BudgetScope => BUDGET_SCOPES.find((scope) => scope === text) ?? "workspace";
