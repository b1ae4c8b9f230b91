import { z } from "zod";

import type { AlertQuality } from "@/lib/core/alerts/schema";
import { differenceOf, usdText } from "@/lib/core/charts/units";

import type { ShownObjective } from "./shown";
import type { Week } from "./week";
import { MEASURE_WORDS } from "./words";

/** Something that somebody changed, or that happened, in a week. */
export type Moved = { readonly at: Date; readonly text: string; readonly href: string };

/** Something that waits for somebody now. */
export type Due = { readonly text: string; readonly href: string };

/** A week and the same time of the week before. Costs are trillionths of a dollar. */
export type Compared = { readonly now: string; readonly before: string };

/** What became of the alerts that fired in a week. */
export type WeekAlerts = Omit<AlertQuality, "days">;

/** A week of one agent. */
export type AgentWeek = {
  readonly agent: string;
  readonly demo: boolean;
  readonly level: number;
  readonly cost: Compared;
  readonly runs: Compared;
  /** Calls of the week that have no price and are not in its cost. */
  readonly unpriced: string;
  readonly moved: readonly Moved[];
  readonly alerts: WeekAlerts;
  /** As they stood at the end of the week, or as they stand now while it goes on. */
  readonly objectives: readonly ShownObjective[];
  readonly due: readonly Due[];
};

/** A week of the agents that one person answers for. */
export type OwnerWeek = {
  readonly owner: { readonly id: string; readonly name: string };
  readonly agents: readonly AgentWeek[];
  /** Budgets of the person's agents together that came to their share or were used up. */
  readonly budgets: readonly Moved[];
};

/** What is told of a review that is sent. */
export const ReviewPayload = z.object({
  week: z.string(),
  member: z.uuid(),
  title: z.string(),
  lines: z.array(z.string()),
});

const MOST_NAMED = 8;

const sum = (amounts: readonly string[]): string => String(amounts.reduce((total, one) => total + BigInt(one), 0n));

/** The sum of a figure over agents. */
export const sumCompared = (all: readonly Compared[]): Compared => ({
  now: sum(all.map(({ now }) => now)),
  before: sum(all.map(({ before }) => before)),
});

/** The review of a week as a message: what it cost, what moved, how objectives stood, what is due. */
export function reviewLines({ agents, budgets }: OwnerWeek): readonly string[] {
  const cost = sumCompared(agents.map((one) => one.cost));
  const runs = sumCompared(agents.map((one) => one.runs));
  const { change, before } = differenceOf("usd", cost.now, cost.before);
  const moved = [...agents.flatMap((one) => one.moved), ...budgets].toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const due = agents.flatMap((one) => one.due.map(({ text }) => `${one.agent}: ${text}`));
  return [
    `Cost: ${usdText(BigInt(cost.now))}, ${change} from ${before} the week before; ${count(runs.now, "run")}, ${group(runs.before)} before.`,
    objectivesLine(agents),
    alertsLine(agents),
    ...listed(
      "Moved",
      moved.map(({ text }) => text),
    ),
    ...listed("Due", due),
  ];
}

function objectivesLine(agents: readonly AgentWeek[]): string {
  const all = agents.flatMap(({ objectives }) => objectives);
  if (all.length === 0) return "Objectives: none are set.";
  const of = (state: ShownObjective["stand"]["state"]) => all.filter(({ stand }) => stand.state === state);
  const missed = of("missed").map(({ agent, measure }) => `${agent} (${MEASURE_WORDS[measure].name.toLowerCase()})`);
  const few = of("too_few").length;
  const tooFew = few === 0 ? "" : `, ${few} with too few to judge`;
  const names = missed.length === 0 ? "" : `: ${some(missed)}`;
  return `Objectives: ${of("met").length} met${tooFew}, ${missed.length} missed${names}.`;
}

function alertsLine(agents: readonly AgentWeek[]): string {
  const all = (of: keyof WeekAlerts) => agents.reduce((total, { alerts }) => total + alerts[of], 0);
  if (all("fired") === 0) return "Alerts: none fired.";
  return `Alerts: ${all("fired")} fired, ${all("actedOn")} acted on, ${all("dismissed")} dismissed, ${all("open")} still open.`;
}

function listed(name: string, texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return [`${name}: nothing.`];
  const left = texts.length - MOST_NAMED;
  return [
    `${name}:`,
    ...texts.slice(0, MOST_NAMED).map((text) => `- ${text}`),
    ...(left > 0 ? [`- and ${left} more`] : []),
  ];
}

function some(names: readonly string[]): string {
  const left = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(", ") + (left > 0 ? ` and ${left} more` : "");
}

const group = (amount: string): string => BigInt(amount).toLocaleString("en-US");
const count = (amount: string, noun: string): string => `${group(amount)} ${noun}${amount === "1" ? "" : "s"}`;

/** The title of a week's review: `Weekly review 2026-W48: 3 agents`. */
export const reviewTitle = ({ name }: Week, { agents }: OwnerWeek): string =>
  `Weekly review ${name}: ${agents.length === 1 ? "1 agent" : `${agents.length} agents`}`;
