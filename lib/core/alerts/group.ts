import { HOUR_MS } from "@/lib/core/shared/time";

import type { Phase, TransitionKind } from "./evaluate";
import type { Signal } from "./signals";

/** The first alert of a group, as far as its cause goes. */
export type First = {
  readonly id: string;
  readonly agentId: string;
  /** The dependency it points at; null where it points at none. */
  readonly tool: string | null;
  readonly firedAt: Date;
  /** The phase it is in now. */
  readonly phase: Phase;
};

/** An alert that fires now. */
export type Firing = Omit<First, "id" | "phase"> & { readonly signal: Signal };

/** Alerts that begin further apart have causes of their own. */
const TOGETHER_MS = HOUR_MS;

/** What is always told for itself: an agent that sends false telemetry must not be able to hide it behind another alert. */
const ALONE: ReadonlySet<Signal> = new Set(["ungoverned", "denials", "burn"]);

/**
 * The group that an alert joins when it fires: one whose first alert is firing now, of the same agent, about the same time,
 * and not about a different tool. Retries, latency and cost that rise together are told once. People are not told of a
 * first alert that is acknowledged, silenced or without data, so nothing may join it.
 *
 * @returns null when it begins a group of its own
 */
export function groupFor(firsts: readonly First[], next: Firing): string | null {
  if (ALONE.has(next.signal)) return null;
  const found = firsts.find(
    ({ agentId, tool, firedAt, phase }) =>
      phase === "firing" &&
      agentId === next.agentId &&
      Math.abs(firedAt.getTime() - next.firedAt.getTime()) <= TOGETHER_MS &&
      (tool === null || next.tool === null || tool === next.tool),
  );
  return found?.id ?? null;
}

/**
 * Whether people are told of what happened to an alert, or its group's first alert tells them: that does while it fires,
 * and the step that ends it ends the group's other alerts with it.
 *
 * @param first the phases of the group's first alert before and after this step; null where it was over before
 */
export function isTold(
  kind: TransitionKind,
  { id, groupId }: { readonly id: string; readonly groupId: string },
  first: { readonly before: Phase; readonly after: Phase } | null,
): boolean {
  if (id === groupId || first === null) return true;
  return (kind === "resolve" ? first.before : first.after) !== "firing";
}
