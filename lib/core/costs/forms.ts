import { z } from "zod";

import { LONG, PRICE_FIELDS } from "./price-fields";
import { PriceOverrideInput } from "./schema";
import { PriceLookup } from "./shown";

/**
 * `PriceOverrideInput` as its form sends it: one field for each price, empty where there is none, and a day in UTC for
 * the moment.
 */
export const PriceOverrideForm = z.preprocess((form) => {
  if (typeof form !== "object" || form === null) return form;
  const fields = new Map<string, unknown>(Object.entries(form).filter(([, value]) => value !== ""));
  const prices = (prefix: string) =>
    Object.fromEntries(
      PRICE_FIELDS.flatMap(({ name }) => (fields.has(prefix + name) ? [[name, fields.get(prefix + name)]] : [])),
    );
  const day = fields.get("valid_from");
  const above = fields.get("above_tokens");
  const long = prices(LONG);
  const hasLong = above !== undefined || Object.keys(long).length > 0;
  return {
    provider: fields.get("provider") ?? "",
    model: fields.get("model") ?? "",
    valid_from: typeof day === "string" ? `${day}T00:00:00Z` : "",
    service_tier: fields.get("service_tier") ?? null,
    batch: fields.get("batch") === "on",
    prices: prices(""),
    long_context: hasLong ? { above_tokens: Number(above ?? 0), prices: long } : null,
  };
}, PriceOverrideInput);

const Text = z.string().trim().max(200).optional().catch(undefined);

/** The address of the price page: the model that is looked up, and the one that an override is begun for. */
export const PricesQuery = z.object({ lookup_provider: Text, lookup_model: Text, provider: Text, model: Text });
export type PricesQuery = z.infer<typeof PricesQuery>;

/** The look-up that an address asks for; null for none. */
export function lookupOf({ lookup_provider, lookup_model }: PricesQuery): PriceLookup | null {
  if (!lookup_model) return null;
  return PriceLookup.parse({ model: lookup_model, ...(lookup_provider && { provider: lookup_provider }) });
}
