import { amountText } from "@/lib/core/charts/units";

import type { ColumnRole, InvoiceMeasure } from "./schema";
import type { ExplainedState } from "./state";

/** What each column of a file was read as. */
export const ROLE_WORDS: Readonly<Record<ColumnRole, string>> = {
  day: "Day",
  model: "Model",
  key: "Key",
  amount: "Amount, US dollars",
  tokens: "Tokens, added up",
  currency: "Currency",
};

export const STATE_WORDS: Readonly<Record<ExplainedState, string>> = {
  past: "No telemetry",
  unpriced: "Not priced",
  free: "Seen at $0",
  uncounted: "Seen without tokens",
  partly: "Partly explained",
  whole: "Explained",
};

const PROVIDER_WORDS: Readonly<Record<string, string>> = {
  openai: "OpenAI",
  anthropic: "Anthropic",
  google: "Google",
  aws: "AWS Bedrock",
  azure: "Azure",
  mistral: "Mistral",
};

/** A provider's name as it writes it itself. */
export const providerText = (provider: string | null): string =>
  provider === null ? "Every provider" : (PROVIDER_WORDS[provider] ?? provider);

/** An amount of an invoice: dollars, or a number of tokens that says so. */
export const unitsText = (measure: InvoiceMeasure, units: string): string =>
  measure === "usd" ? amountText("usd", units) : `${amountText("tokens", units)} tokens`;

/** A share with one decimal, and never `100 %` for less than all. */
export function shareText(share: number | null): string {
  if (share === null) return "–";
  return share < 1 && share >= 0.9995 ? "over 99.9 %" : amountText("share", String(share));
}

/** The names of a model; what has none says so. */
export const namesText = (names: readonly string[]): string =>
  names.map((name) => (name === "" ? "no model named" : name)).join(", ");
