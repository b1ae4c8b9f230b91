/** What a risk score is made of. */
export const RISK_FACTORS = [
  "reversibility",
  "blast_radius",
  "environment",
  "rows",
  "mismatch",
  "first_use",
  "no_history",
  "no_dry_run",
  "context_age",
  "refusals",
  "widened",
  "regret",
  "amount",
  "command",
] as const;
export type RiskFactorName = (typeof RISK_FACTORS)[number];

/** Points of each factor at its worst; a manifest may set its own. */
export type RiskWeights = Readonly<Record<RiskFactorName, number>>;

export const DEFAULT_WEIGHTS: RiskWeights = Object.freeze({
  reversibility: 20,
  blast_radius: 20,
  environment: 8,
  rows: 16,
  mismatch: 25,
  first_use: 6,
  no_history: 4,
  no_dry_run: 3,
  context_age: 5,
  refusals: 12,
  widened: 8,
  regret: 12,
  amount: 12,
  command: 15,
});

/** How much of a weight applies, as a share of it. */
export const SHARES = Object.freeze({
  reversibility: Object.freeze({ read: 0, reversible: 0.25, partially_reversible: 0.6, irreversible: 1 }),
  blast_radius: Object.freeze({ none: 0, low: 0.25, medium: 0.5, high: 1 }),
  environment: Object.freeze({ development: 0, staging: 0.25, production: 1 }),
});
