import { ButtonLink } from "@/components/ui/button-link";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import type { ShownPrices, UnpricedModel } from "@/lib/core/costs/shown";
import { paths } from "@/lib/core/shared/paths";

type UnpricedModelsProps = Pick<ShownPrices, "unpriced" | "unpriced_models" | "known"> & { canSet: boolean };

/** The models whose calls have no price, those that used most first, each with what to do. */
export function UnpricedModels({ unpriced, unpriced_models: total, known, canSet }: UnpricedModelsProps) {
  const aside = total > unpriced.length ? `The ${unpriced.length} largest of ${total}` : "Last 30 days";
  return (
    <Section title="Models without a price" aside={unpriced.length > 0 && aside}>
      {unpriced.length === 0 ? (
        <p className="border-y border-hair bg-surface px-3 py-4 text-muted">
          {known.percent === null
            ? "No model calls in the last 30 days."
            : "Every model call of the last 30 days has a price."}
        </p>
      ) : (
        <Table
          label="Models without a price"
          head={[
            "Model",
            "Provider",
            { label: "Tokens", numeric: true },
            { label: "Calls", numeric: true },
            "Why",
            { label: "Set a price", hidden: true },
          ]}
        >
          {unpriced.map((row) => (
            <Row key={`${row.provider} ${row.model}`}>
              <Cell header>{row.model === "" ? "Not stated" : <Name text={row.model} />}</Cell>
              <Cell>
                {row.provider === "" ? <span className="text-muted">Not stated</span> : <Name text={row.provider} />}
              </Cell>
              <Cell numeric>{BigInt(row.tokens).toLocaleString("en-US")}</Cell>
              <Cell numeric>{row.calls.toLocaleString("en-US")}</Cell>
              <Cell wrap className="text-muted">
                {why(row)}
              </Cell>
              <Cell numeric>
                {canSet && row.model !== "" && !row.now.priced && (
                  <ButtonLink
                    size="sm"
                    href={paths.prices({ provider: row.provider === "" ? "*" : row.provider, model: row.model })}
                    aria-label={`Set a price for ${row.model}`}
                  >
                    Set a price
                  </ButtonLink>
                )}
              </Cell>
            </Row>
          ))}
        </Table>
      )}
    </Section>
  );
}

function why({ now }: UnpricedModel): string {
  if (!now.priced) return now.message;
  return "The model has a price now. These calls arrived before it, or did not say what it needs.";
}

const Name = ({ text }: { text: string }) => (
  <Mono>
    <VisibleText text={text} />
  </Mono>
);
