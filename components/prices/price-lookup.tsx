import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { TextInput } from "@/components/ui/text-input";
import { VisibleText } from "@/components/ui/visible-text";
import type { PricesQuery } from "@/lib/core/costs/forms";
import type { PriceAnswer } from "@/lib/core/costs/shown";
import { paths } from "@/lib/core/shared/paths";

import { Rates } from "./rate-list";

type PriceLookupProps = { query: PricesQuery; answer: PriceAnswer | null; baseTable: string };

/** Says what a model would cost now and where that is from, or why it has no price. */
export function PriceLookup({ query, answer, baseTable }: PriceLookupProps) {
  return (
    <Section title="Look up a price">
      <div className="grid gap-3 border-y border-hair bg-surface p-3">
        <form method="get" action={paths.prices()} role="search" className="flex flex-wrap items-end gap-3">
          <div className="w-60 max-w-full">
            <Field label="Model" htmlFor="lookup-model">
              <TextInput
                id="lookup-model"
                name="lookup_model"
                required
                maxLength={200}
                autoComplete="off"
                placeholder="gpt-4.1-mini"
                defaultValue={query.lookup_model}
              />
            </Field>
          </div>
          <div className="w-48 max-w-full">
            <Field label="Provider (optional)" htmlFor="lookup-provider">
              <TextInput
                id="lookup-provider"
                name="lookup_provider"
                maxLength={200}
                autoComplete="off"
                placeholder="openai"
                defaultValue={query.lookup_provider}
              />
            </Field>
          </div>
          <Button type="submit">Look up</Button>
        </form>
        {answer === null ? (
          <p className="text-muted">
            Your own prices come first, then the bundled table <Mono>{baseTable}</Mono>.
          </p>
        ) : (
          <Answer model={query.lookup_model ?? ""} answer={answer} />
        )}
      </div>
    </Section>
  );
}

function Answer({ model, answer }: { model: string; answer: PriceAnswer }) {
  const name = (
    <Mono>
      <VisibleText text={model} />
    </Mono>
  );
  if (!answer.priced) {
    return (
      <p>
        <span className="font-medium text-ask">▲ {name} has no price.</span> {answer.message}
      </p>
    );
  }
  return (
    <div className="grid gap-1">
      <p>
        {name}: <Rates rates={answer.rates} />
      </p>
      <p className="text-xs text-muted">
        From{" "}
        <Mono>
          <VisibleText text={answer.price_ref} />
        </Mono>
      </p>
    </div>
  );
}
