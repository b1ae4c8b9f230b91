import type { CheckName } from "@/lib/core/decisions/schema";
import { isJsonArray, isJsonObject, type Json } from "@/lib/core/shared/json";

/** The checks of a decision in the words of the screens. */
export const CHECK_TITLES: Record<CheckName, string> = {
  control: "Workspace, agent and key",
  blocked: "Blocked tools",
  allowed: "Allowed tools",
  environment: "Environment, hours and freezes",
  arguments: "Arguments against the schema",
  constraints: "Scope, constraints and conditions",
  context: "Context: declared, fresh, in scope",
  bounds: "Bounds of the run",
  sequences: "Sequences and velocity",
  level: "What it does × how far it reaches × level",
  approval: "Approval",
};

const MAX_VALUE = 80;

/**
 * A call's arguments on one line: `to: a@example.com · template: refund`. For a glance; whatever was cut is marked `…`.
 *
 * @param most characters in all
 */
export function argsSummary(args: Json, most = 200): string {
  if (!isJsonObject(args)) return valueText(args);
  const parts = Object.entries(args).map(([name, value]) => `${name}: ${valueText(value)}`);
  if (parts.length === 0) return "no arguments";
  return cut(parts.join(" · "), most);
}

function valueText(value: Json): string {
  if (typeof value === "string") return cut(value.replaceAll("\n", "⏎"), MAX_VALUE);
  if (isJsonArray(value)) return value.length > 3 ? `${value.length} items` : cut(JSON.stringify(value), MAX_VALUE);
  return cut(JSON.stringify(value), MAX_VALUE);
}

const cut = (text: string, most: number) => (text.length > most ? `${[...text].slice(0, most - 1).join("")}…` : text);

/** A longer name of an agent's own is shown by its two ends. */
export const MOST_NAME = 200;

/** An age in the largest unit that keeps it honest: `38 s`, `4 min`, `3 h`, `12 d`. */
export function ageText(seconds: number): string {
  if (seconds < 0) return "from the future";
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
