"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import { LONG, PRICE_FIELDS, type PriceField, USUAL_PRICES } from "@/lib/core/costs/price-fields";
import { type ActionState, faultAt, type FormAction } from "@/lib/core/shared/action-state";

type OverrideFormProps = {
  set: FormAction;
  /** The names it begins with. */
  begin: { readonly provider?: string | undefined; readonly model?: string | undefined };
  /** Today in UTC, `2026-11-30`. */
  today: string;
  disabledReason?: string | undefined;
};

const RARE_PRICES = PRICE_FIELDS.filter(({ name }) => !USUAL_PRICES.some((usual) => usual.name === name));

/** Sets a price of the workspace's own. */
export function OverrideForm({ set, begin, today, disabledReason }: OverrideFormProps) {
  const { state, pending, form } = useFormAction(set);
  return (
    <Section title="Set a price" id="override">
      <form
        {...form}
        key={`${begin.provider} ${begin.model}`}
        className="grid max-w-3xl gap-4 border-y border-hair bg-surface p-3"
      >
        {state.status === "refused" && (state.faults ?? []).length === 0 && <Alert tone="error">{state.message}</Alert>}
        <div className="grid gap-3 sm:grid-cols-3">
          <Text
            name="model"
            label="Model"
            hint="A name, or a pattern with * and ?."
            required
            defaultValue={begin.model}
            error={faultAt(state, "/model")}
          />
          <Text
            name="provider"
            label="Provider"
            hint="As the calls name it; * for any."
            required
            defaultValue={begin.provider}
            error={faultAt(state, "/provider")}
          />
          <Field
            label="Valid from"
            hint="Midnight UTC."
            htmlFor="price-valid-from"
            error={faultAt(state, "/valid_from") && "Give a day."}
          >
            <TextInput id="price-valid-from" name="valid_from" type="date" required defaultValue={today} />
          </Field>
        </div>
        <Prices
          legend="Dollars per million tokens"
          hint="A field you leave empty uses its fallback: the input price for cached input, the output price for reasoning."
          fields={USUAL_PRICES}
          at="/prices"
          state={state}
        />
        <RarePrices state={state} />
        <p className="text-muted">
          It prices calls that arrive from now on, within about two seconds. Calls that are already stored keep their
          cost until you reprice them below.
        </p>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" aria-busy={pending} disabledReason={disabledReason}>
            {pending ? "Recording…" : "Set price"}
          </Button>
          <span role="status" className="text-muted">
            {state.status === "done" && "Set."}
          </span>
        </div>
      </form>
    </Section>
  );
}

/** What few models need. */
function RarePrices({ state }: { state: ActionState }) {
  return (
    <details className="grid gap-3">
      <summary className="w-fit cursor-pointer font-medium">More prices, tiers and long input</summary>
      <div className="mt-3 grid gap-4">
        <Prices legend="Other parts of a call" fields={RARE_PRICES} at="/prices" state={state} />
        <div className="grid gap-3 sm:grid-cols-2">
          <Text
            name="service_tier"
            label="Service tier"
            hint="Empty: the standard tier."
            error={faultAt(state, "/service_tier")}
          />
          <label className="flex min-h-6 items-center gap-2 self-end">
            <input type="checkbox" name="batch" className="size-4 accent-accent" />
            For batched calls only
          </label>
        </div>
        <Text
          name="above_tokens"
          label="Long input begins above"
          hint="Tokens of the whole input. Every token of a longer call costs the prices below."
          inputMode="numeric"
          error={faultAt(state, "/long_context/above_tokens")}
        />
        <Prices
          legend="Dollars per million tokens, long input"
          fields={USUAL_PRICES}
          prefix={LONG}
          at="/long_context/prices"
          state={state}
        />
      </div>
    </details>
  );
}

type PricesProps = {
  legend: string;
  hint?: string;
  fields: readonly PriceField[];
  prefix?: string;
  /** Where faults of these prices are. */
  at: string;
  state: ActionState;
};

function Prices({ legend, hint, fields, prefix = "", at, state }: PricesProps) {
  // Two groups show parts of the same prices, and the fault of the whole is said once.
  const whole = fields === USUAL_PRICES ? wholeFault(state, at) : undefined;
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 font-medium">{legend}</legend>
      {hint !== undefined && <p className="text-xs text-muted">{hint}</p>}
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {fields.map(({ name, label, per }) => (
          <Text
            key={name}
            name={prefix + name}
            label={per === "one" ? `${label}, each` : label}
            inputMode="decimal"
            placeholder="0.00"
            error={faultAt(state, `${at}/${name}`)}
          />
        ))}
      </div>
      {whole !== undefined && <span className="text-xs font-medium text-deny">■ {whole}</span>}
    </fieldset>
  );
}

/** What is wrong with a group of prices as a whole, not with one of them. */
const wholeFault = (state: ActionState, at: string) =>
  state.status === "refused" ? state.faults?.find(({ path }) => path === at)?.message : undefined;

type TextProps = {
  name: string;
  label: string;
  hint?: string;
  error?: string | undefined;
  required?: boolean;
  defaultValue?: string | undefined;
  inputMode?: "numeric" | "decimal";
  placeholder?: string;
};

function Text({ name, label, hint, error, ...input }: TextProps) {
  return (
    <Field label={label} hint={hint} htmlFor={`price-${name}`} error={error}>
      <TextInput id={`price-${name}`} name={name} maxLength={200} autoComplete="off" {...input} />
    </Field>
  );
}
