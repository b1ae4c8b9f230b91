import type { ColumnRole, InvoiceColumn, InvoiceMeasure } from "./schema";

/** Where in a row each thing stands. */
export type ColumnPlan = {
  readonly provider: string | null;
  readonly measure: InvoiceMeasure;
  readonly columns: readonly InvoiceColumn[];
  readonly day: number;
  readonly model: number | null;
  /** Whether the model's column names an item of an invoice, `gpt-4o-2024-08-06, input`. */
  readonly isLineItem: boolean;
  readonly key: number | null;
  readonly currency: number | null;
  /** The columns that are added up: one amount, or the tokens. */
  readonly units: readonly number[];
};

/** Names of columns, the first that is there counts. */
const NAMES = {
  day: [
    "usage_date_utc",
    "start_time_iso",
    "date",
    "day",
    "usage_date",
    "bucket_start_time",
    "start_time",
    "timestamp",
  ],
  model: ["model", "model_version", "model_name", "line_item"],
  key: ["api_key_name", "api_key", "key", "key_name", "api_key_id", "key_id"],
  amount: ["amount_value", "cost_usd", "amount_usd", "amount", "cost", "total_cost", "usd"],
  currency: ["amount_currency", "currency"],
} as const satisfies Readonly<Record<Exclude<ColumnRole, "tokens">, readonly string[]>>;

/** Columns of tokens that add up to all of a call's, the first set of which one is there. Cached input is within OpenAI's. */
const TOKENS: readonly (readonly string[])[] = [
  ["tokens", "total_tokens"],
  [
    "usage_input_tokens_no_cache",
    "usage_input_tokens_cache_write",
    "usage_input_tokens_cache_write_5m",
    "usage_input_tokens_cache_write_1h",
    "usage_input_tokens_cache_read",
    "usage_output_tokens",
  ],
  ["input_tokens", "output_tokens"],
  ["prompt_tokens", "completion_tokens"],
  ["n_context_tokens_total", "n_generated_tokens_total"],
];

const PROVIDERS: readonly (readonly [provider: string, columns: readonly string[]])[] = [
  ["openai", ["amount_value", "num_model_requests", "n_context_tokens_total"]],
  ["anthropic", ["usage_date_utc", "usage_input_tokens_no_cache"]],
];

const LONGEST_NAME = 100;

const folded = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");

/** Reads a header. @returns why not, in a sentence, where the columns do not say enough */
export function readHeader(header: readonly string[]): ColumnPlan | string {
  const names = header.map(folded);
  const placeOf = (known: readonly string[]): number | null => {
    const found = known.map((name) => names.indexOf(name)).find((place) => place >= 0);
    return found ?? null;
  };
  const there = `The columns are ${header.slice(0, 20).map(quoted).join(", ")}.`;
  const day = placeOf(NAMES.day);
  if (day === null) return `No column says the day. Name one \`date\`. ${there}`;
  const amount = placeOf(NAMES.amount);
  const units = amount === null ? tokensOf(names) : [amount];
  if (units.length === 0) return `No column says an amount or tokens. Name one \`amount\` or \`tokens\`. ${there}`;
  const [model, key, currency] = [placeOf(NAMES.model), placeOf(NAMES.key), placeOf(NAMES.currency)];
  const measure: InvoiceMeasure = amount === null ? "tokens" : "usd";
  const roles = new Map<number, ColumnRole>();
  for (const place of units) roles.set(place, amount === null ? "tokens" : "amount");
  if (model !== null) roles.set(model, "model");
  if (key !== null) roles.set(key, "key");
  if (currency !== null && amount !== null) roles.set(currency, "currency");
  roles.set(day, "day");
  const twice = [...roles.keys()]
    .map((place) => names[place])
    .find((name) => names.indexOf(name ?? "") !== names.lastIndexOf(name ?? ""));
  if (twice !== undefined) return `Two columns are named ${quoted(twice)}. Leave one of them out.`;
  return {
    provider: PROVIDERS.find(([, columns]) => columns.some((name) => names.includes(name)))?.[0] ?? null,
    measure,
    columns: header.map((name, place) => ({
      name: name.trim().slice(0, LONGEST_NAME).toWellFormed(),
      as: roles.get(place) ?? null,
    })),
    day,
    model,
    isLineItem: model !== null && names[model] === "line_item",
    key,
    currency: amount === null ? null : currency,
    units,
  };
}

const quoted = (name: string): string => `\`${name.trim().slice(0, 60)}\``;

function tokensOf(names: readonly string[]): readonly number[] {
  for (const set of TOKENS) {
    // Of two names of the same sum one is enough; parts are added up.
    const places = set.map((name) => names.indexOf(name)).filter((place) => place >= 0);
    if (places.length > 0) return set === TOKENS[0] ? places.slice(0, 1) : places;
  }
  return [];
}
