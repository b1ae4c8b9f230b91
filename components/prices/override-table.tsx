import { ConfirmButton } from "@/components/settings/confirm-button";
import { Chip } from "@/components/ui/chip";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { ShownOverride, ShownPrices } from "@/lib/core/costs/shown";
import type { FormAction } from "@/lib/core/shared/action-state";

import { OverridePrices } from "./rate-list";

type OverrideTableProps = Pick<ShownPrices, "overrides" | "earlier"> & {
  baseTable: string;
  remove: FormAction;
  disabledReason?: string | undefined;
};

/** The workspace's own prices, and those it had before. */
export function OverrideTable({ overrides, earlier, baseTable, remove, disabledReason }: OverrideTableProps) {
  return (
    <Section title="Your own prices" aside={overrides.length > 0 && `${overrides.length} in force`}>
      {overrides.length === 0 ? (
        <p className="border-y border-hair bg-surface px-3 py-4 text-muted">
          None. Calls are priced by the bundled table <Mono>{baseTable}</Mono>. Set a price below for a model it does
          not know, or for which you pay something else.
        </p>
      ) : (
        <Table
          label="Your own prices"
          head={["Model", "Prices", "Valid from", "Set", { label: "Remove", hidden: true }]}
        >
          {overrides.map((override) => (
            <Row key={override.id}>
              <Names override={override} />
              <Prices override={override} />
              <Cell>
                <Time at={override.valid_from} mode="date" />
              </Cell>
              <Cell>
                {override.created_by}, <Time at={override.created_at} mode="date" />
              </Cell>
              <Cell numeric>
                <ConfirmButton
                  label="Remove…"
                  about={`the price of ${override.model}`}
                  title={`Remove the price of ${override.model}`}
                  confirm="Remove"
                  action={remove}
                  fields={{ id: override.id }}
                  disabledReason={disabledReason}
                >
                  Calls that arrive from now on are priced without it. Calls it priced keep their cost.
                </ConfirmButton>
              </Cell>
            </Row>
          ))}
        </Table>
      )}
      {earlier.length > 0 && (
        <details>
          <summary className="w-fit cursor-pointer text-muted">Replaced and removed prices ({earlier.length})</summary>
          <div className="mt-2">
            <Table label="Replaced and removed prices" head={["Model", "Prices", "Valid from", "Set", "Removed"]}>
              {earlier.map((override) => (
                <Row key={override.id}>
                  <Names override={override} />
                  <Prices override={override} />
                  <Cell>
                    <Time at={override.valid_from} mode="date" />
                  </Cell>
                  <Cell>
                    {override.created_by}, <Time at={override.created_at} mode="date" />
                  </Cell>
                  <Cell>
                    {override.removed_by}, {override.removed_at && <Time at={override.removed_at} mode="date" />}
                  </Cell>
                </Row>
              ))}
            </Table>
          </div>
        </details>
      )}
    </Section>
  );
}

function Names({ override: { model, provider, service_tier, batch } }: { override: ShownOverride }) {
  return (
    <Cell header>
      <span className="flex flex-wrap items-center gap-x-2">
        <Mono>
          <VisibleText text={model} />
        </Mono>
        {service_tier !== null && <Chip>{service_tier}</Chip>}
        {batch && <Chip>batch</Chip>}
      </span>
      <span className="text-xs font-normal text-muted">
        <VisibleText text={provider === "*" ? "any provider" : provider} />
      </span>
    </Cell>
  );
}

function Prices({ override: { prices, long_context: long } }: { override: ShownOverride }) {
  return (
    <Cell wrap>
      <OverridePrices prices={prices} />
      {long !== null && (
        <p>
          <span className="text-muted">Above {long.above_tokens.toLocaleString("en-US")} tokens of input: </span>
          <OverridePrices prices={long.prices} />
        </p>
      )}
    </Cell>
  );
}
