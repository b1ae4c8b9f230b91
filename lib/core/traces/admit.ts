import { costOfEvent } from "@/lib/core/costs/cost-of-event";
import type { PriceTable } from "@/lib/core/costs/table";
import { argsHash } from "@/lib/core/redaction/args-hash";
import type { KeyedHash, Redactor } from "@/lib/core/redaction/redact";
import { redactEvent } from "@/lib/core/redaction/redact-event";

import type { AgentEvent } from "./event";
import type { AdmittedEvent, StoredCost } from "./stored-event";

/** How an agent's events are let in. */
export type Door = {
  /** The handle of the agent whose credential they came with. */
  readonly handle: string;
  readonly receivedAt: Date;
  readonly window: EvidenceWindow;
  readonly redactor: Redactor;
  readonly prices: PriceTable;
  /** The workspace's keyed hash, in hex. */
  readonly hash: KeyedHash;
};

/** How far an event's time may be from its arrival and still count as evidence. */
export type EvidenceWindow = { readonly pastMs: number; readonly futureMs: number };

/** A day late, as exporters that buffer are, and five minutes early, as clocks are. */
export const EVIDENCE_WINDOW: EvidenceWindow = { pastMs: 86_400_000, futureMs: 300_000 };

/** Hex digits of the digests of events and arguments. */
export const DIGEST_DIGITS = 32;
const LONGEST_NAME = 200;
const MOST_STEPS = 2_147_483_647;
const NS_PER_MS = 1_000_000;
const MOST_PICOS = 9_000_000_000_000_000_000n;

/** Lets one event in: redacted, priced, and judged by when it was and whose it says it is. */
export function admit(door: Door, sent: AgentEvent): AdmittedEvent {
  const { event: fitted, wasCut } = withShortNames(sent);
  const { value: event } = redactEvent(door.redactor, wasCut ? { ...fitted, flags: withCut(sent) } : fitted);
  const args = sent.tool?.args ?? null;
  return {
    event,
    inWindow: isNear(sent.startNs, door),
    claimsOther: sent.agentId !== null && sent.agentId !== door.handle,
    digest: door.hash(JSON.stringify(sent)).slice(0, DIGEST_DIGITS),
    argsDigest: args === null ? null : (argsHash(door.hash, args)?.slice(0, DIGEST_DIGITS) ?? null),
    cost: storedCostOf(door.prices, sent),
  };
}

/** What an event costs by these prices, as it is stored. An amount that no column holds counts as unpriced. */
export function storedCostOf(prices: PriceTable, event: AgentEvent): StoredCost {
  const { computed, picoUsd, status } = costOfEvent(prices, event);
  const ours = computed.status === "priced" && computed.picoUsd <= MOST_PICOS ? computed : null;
  const isBeyond = picoUsd !== null && picoUsd > MOST_PICOS;
  return {
    picos: picoUsd === null || isBeyond ? null : String(picoUsd),
    computedPicos: ours && String(ours.picoUsd),
    status: isBeyond ? "unpriced" : status,
    priceRef: ours && ours.ref,
  };
}

function isNear(startNs: string, { receivedAt, window }: Door): boolean {
  const early = Number(startNs) / NS_PER_MS - receivedAt.getTime();
  return early <= window.futureMs && early >= -window.pastMs;
}

const withCut = (event: AgentEvent) =>
  event.flags.includes("value_cut") ? event.flags : ([...event.flags, "value_cut"] as const);

/** What events are found and counted by has a length that an index takes. */
function withShortNames(event: AgentEvent): { readonly event: AgentEvent; readonly wasCut: boolean } {
  let wasCut = false;
  const short = <T extends string | null>(text: T): T => {
    if (text === null || text.length <= LONGEST_NAME) return text;
    wasCut = true;
    return text.slice(0, LONGEST_NAME).replace(/[\uD800-\uDBFF]$/, "") as T;
  };
  const step = event.step !== null && Number.isInteger(event.step) && Math.abs(event.step) <= MOST_STEPS;
  const fitted: AgentEvent = {
    ...event,
    step: step ? event.step : null,
    producer: short(event.producer),
    agentVersion: short(event.agentVersion),
    sessionId: short(event.sessionId),
    runId: short(event.runId),
    decisionId: short(event.decisionId),
    provider: short(event.provider),
    model: short(event.model),
    modelRequested: short(event.modelRequested),
    tool: event.tool && { ...event.tool, name: short(event.tool.name), callId: short(event.tool.callId) },
    error: event.error && { ...event.error, type: short(event.error.type) },
    dimensions: { ...event.dimensions, customer: short(event.dimensions.customer) },
  };
  return { event: fitted, wasCut };
}
