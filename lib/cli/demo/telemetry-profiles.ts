/** A model as the demo's agents name it. */
export type Model = {
  readonly provider: string;
  readonly requested: string;
  readonly served: string;
  /** What the agent itself says that a thousand tokens cost, where no price table knows its model. */
  readonly usdPer1k?: number;
};

/** What one agent of the demo works with. */
export type Profile = {
  readonly version: string;
  readonly model: Model;
  readonly index: string;
  readonly documents: readonly string[];
  /** The tool whose result is looked up in the index; without one, it is what the agent reads first. */
  readonly lookUp: string | null;
  readonly runsADay: number;
  /** What every third run uses in the place of `model`. */
  readonly tried?: Model;
  /** Since when this version's prompt begins with what changes, so that less of it comes from the cache. */
  readonly brokenCache?: { readonly sinceDays: number; readonly versionBefore: string };
  /** Whether the model's provider refuses a call now and then because there are too many. */
  readonly isLimited?: boolean;
};

/** What the support agent answered with until yesterday. */
export const MINI: Model = { provider: "openai", requested: "gpt-4.1-mini", served: "gpt-4.1-mini-2025-04-14" };
const HAIKU: Model = { provider: "anthropic", requested: "claude-haiku-4-5", served: "claude-haiku-4-5-20251001" };
const SONNET: Model = { provider: "anthropic", requested: "claude-sonnet-4-5", served: "claude-sonnet-4-5-20250929" };
const OWN: Model = { provider: "vllm", requested: "ops-pilot-32b", served: "ops-pilot-32b", usdPer1k: 0.0004 };

/** By agent. */
export const PROFILES: Readonly<Record<string, Profile>> = {
  "support-triage-v2": {
    version: "2.4.0",
    model: HAIKU,
    index: "help-center",
    documents: ["KB-214", "KB-871", "KB-1202", "KB-1340"],
    lookUp: "search_help_articles",
    runsADay: 24,
  },
  "data-hygiene-v2": {
    version: "2.0.3",
    model: SONNET,
    index: "crm-guides",
    documents: ["CRM-12", "CRM-31"],
    lookUp: null,
    runsADay: 5,
    brokenCache: { sinceDays: 6, versionBefore: "2.0.2" },
  },
  "billing-refunds-v1": {
    version: "1.7.1",
    model: SONNET,
    index: "refund-policy",
    documents: ["POL-7", "POL-9"],
    lookUp: null,
    runsADay: 12,
    tried: HAIKU,
  },
  "release-pilot-v1": {
    version: "1.1.0",
    model: OWN,
    index: "runbooks",
    documents: ["RB-12", "RB-40"],
    lookUp: null,
    runsADay: 4,
    isLimited: true,
  },
};
