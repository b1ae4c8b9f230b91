import type { Verdict } from "@/lib/core/decisions/schema";
import type { UnpricedWhy } from "@/lib/core/costs/schema";
import { countMarkers } from "@/lib/core/redaction/marker";
import type { CredentialScope } from "@/lib/core/agents/schema";

import type { DeadLetter } from "./dead-letter";
import type { Sought } from "./sought";
import type { StoredEvent } from "./stored-event";

/** A trace that arrived, and what became of its events. */
export type FoundTrace = {
  readonly trace_id: string;
  readonly agent: string;
  readonly run: string | null;
  /** The run's page; null where no call of it was ever decided. */
  readonly run_id: string | null;
  readonly events: number;
  readonly errors: number;
  /** Events that came again with other content: the first version counts. */
  readonly conflicts: number;
  readonly first_at: Date;
  readonly received_at: Date;
  /** What its events say; null where there are more than are read for one answer. */
  readonly told: TraceTold | null;
  readonly calls: readonly FoundCall[];
  /** Decisions that were asked for from within it, as their `traceparent` said. */
  readonly asked: readonly SoughtDecision[];
};

/** What was read from the events of a trace. */
export type TraceTold = {
  readonly senders: readonly SenderOfTrace[];
  readonly out_of_window: number;
  readonly claims_other: number;
  /** How often something of a kind was redacted, most often first. */
  readonly redacted: readonly { readonly kind: string; readonly count: number }[];
  readonly costs: { readonly given: number; readonly computed: number; readonly unpriced: number };
  readonly unpriced: readonly { readonly model: string; readonly why: UnpricedWhy; readonly events: number }[];
};

/** By which key and instrumentation events came. */
export type SenderOfTrace = {
  readonly producer: string | null;
  readonly dialect: string;
  readonly credential_id: string;
  /** The key's last characters; null for one that is not known any more. */
  readonly key_hint: string | null;
  readonly events: number;
};

/** A tool call of a trace and the decision that it met, or why it met none. */
export type FoundCall = {
  readonly event_id: string;
  readonly tool: string;
  readonly decision_id: string | null;
  readonly why: string | null;
};

/** A body that was taken and is not written yet. */
export type WaitingBatch = {
  readonly id: string;
  readonly agent: string | null;
  readonly inlet: string;
  readonly events: number;
  readonly attempts: number;
  readonly received_at: Date;
  readonly last_error: string | null;
};

/** A decision whose id was looked for. */
export type SoughtDecision = {
  readonly decision_id: string;
  readonly agent: string;
  readonly tool: string;
  readonly verdict: Verdict;
};

/** What to check when nothing with an id arrived. */
export type ToCheck = {
  /** What arrived last in the workspace; null when nothing ever did. */
  readonly last: { readonly agent: string; readonly producer: string; readonly received_at: Date } | null;
  /** Keys that work and may send telemetry, those that never did last. */
  readonly keys: readonly {
    readonly agent: string;
    readonly hint: string;
    readonly scopes: readonly CredentialScope[];
    readonly last_received_at: Date | null;
  }[];
};

/** What became of telemetry that somebody looks for. */
export type FoundTelemetry = {
  readonly sought: Sought;
  readonly decision: SoughtDecision | null;
  readonly traces: readonly FoundTrace[];
  readonly waiting: readonly WaitingBatch[];
  readonly dead: readonly DeadLetter[];
  /** Only where nothing at all was found. */
  readonly check: ToCheck | null;
};

/** Why an event has no price, by the prices of today. */
export type WhyUnpriced = (stored: StoredEvent) => UnpricedWhy;

/** What the events of one trace say of how they came in. */
export function tellTrace(
  events: readonly StoredEvent[],
  hintOf: (credentialId: string) => string | null,
  whyUnpriced: WhyUnpriced,
): TraceTold {
  const senders = new Map<string, SenderOfTrace>();
  const redacted = new Map<string, number>();
  const unpriced = new Map<string, TraceTold["unpriced"][number]>();
  const count = (is: (stored: StoredEvent) => boolean) => events.filter(is).length;
  for (const stored of events) {
    const { event, credentialId } = stored;
    const by = JSON.stringify([event.producer, event.dialect, credentialId]);
    const known = senders.get(by)?.events ?? 0;
    senders.set(by, {
      producer: event.producer,
      dialect: event.dialect,
      credential_id: credentialId,
      key_hint: hintOf(credentialId),
      events: known + 1,
    });
    countMarkers(JSON.stringify(event), redacted);
    if (stored.cost.status !== "unpriced") continue;
    const why = whyUnpriced(stored);
    const model = event.model ?? event.modelRequested ?? event.name;
    const same = JSON.stringify([model, why]);
    unpriced.set(same, { model, why, events: (unpriced.get(same)?.events ?? 0) + 1 });
  }
  return {
    senders: [...senders.values()],
    out_of_window: count(({ inWindow }) => !inWindow),
    claims_other: count(({ claimsOther }) => claimsOther),
    redacted: [...redacted].map(([kind, times]) => ({ kind, count: times })).sort((a, b) => b.count - a.count),
    costs: {
      given: count(({ cost }) => cost.status === "given"),
      computed: count(({ cost }) => cost.status === "computed"),
      unpriced: count(({ cost }) => cost.status === "unpriced"),
    },
    unpriced: [...unpriced.values()],
  };
}

/** A tool call that was executed, with the decision that it names if there is one. */
export type UnmetCall = {
  readonly tool: string;
  readonly agentId: string;
  /** Whether a decision was looked for yet. */
  readonly isLookedFor: boolean;
  readonly claimed: string | null;
  /** The decision that allowed the call with other arguments. */
  readonly differsFrom: string | null;
  readonly named: {
    readonly agentId: string;
    readonly tool: string;
    readonly verdict: Verdict;
    /** Whether another call ran on it. */
    readonly isTaken: boolean;
  } | null;
};

/** Why an executed call met no decision, in a sentence. */
export function whyUnmet({ tool, agentId, isLookedFor, claimed, differsFrom, named }: UnmetCall): string {
  if (!isLookedFor) return "Its decision has not been looked for yet. That takes a few seconds.";
  if (differsFrom !== null && differsFrom !== claimed)
    return `It ran with other arguments than the decision ${differsFrom} allowed.`;
  if (claimed === null)
    return "It names no decision, and no allowed decision of its run has this tool and these arguments or call id.";
  if (named === null) return "The decision it names does not exist in this workspace.";
  if (named.agentId !== agentId) return "The decision it names is another agent’s.";
  if (named.tool !== tool) return `The decision it names is about ${named.tool}.`;
  if (named.verdict !== "allow") return "The decision it names did not allow the call.";
  if (named.isTaken) return "Another call ran on the decision it names. One decision allows one call.";
  return "Its arguments differ from those of the decision it names.";
}
