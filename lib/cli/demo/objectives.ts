import type { RecordBaselineInput } from "@/lib/core/baselines/schema";
import type { SetObjectiveInput } from "@/lib/core/objectives/schema";

const SUPPORT = "support-triage-v2";
const REFUNDS = "billing-refunds-v1";

/** What the demonstration's agents are to reach: some of it they do. */
export const DEMO_OBJECTIVES: readonly SetObjectiveInput[] = [
  { agent: SUPPORT, measure: "success", target_percent: 95, days: 28, at_most: "" },
  { agent: SUPPORT, measure: "time", target_percent: 99, days: 28, at_most: "10" },
  { agent: SUPPORT, measure: "intervention", target_percent: 80, days: 7, at_most: "" },
  { agent: REFUNDS, measure: "success", target_percent: 90, days: 28, at_most: "" },
  { agent: REFUNDS, measure: "cost", target_percent: 95, days: 28, at_most: "0.04" },
  { agent: "data-hygiene-v2", measure: "denials", target_percent: 90, days: 7, at_most: "" },
];

/** How people sorted tickets before the support agent. */
export const DEMO_BASELINE: RecordBaselineInput = {
  agent: SUPPORT,
  baseline: {
    from: "2026-06-01",
    to: "2026-06-28",
    cases: 412,
    succeeded: 376,
    incidents: 9,
    mean_minutes: 11.4,
    sd_minutes: 8.2,
    median_minutes: 9,
    mean_cost_usd: "6.10",
    sd_cost_usd: "4.40",
    source: "Made up: a report of a ticket system.",
  },
};
