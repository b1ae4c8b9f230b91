import "server-only";

import { AgentId, CredentialId } from "@/lib/core/shared/brand";
import {
  type AgentEvent,
  type Dialect,
  type EventKind,
  type EventOutcome,
  NO_DIMENSIONS,
  type Tokens,
} from "@/lib/core/traces/event";
import { timesOf } from "@/lib/core/traces/count-events";
import type { KeptEvent } from "@/lib/core/traces/event-counts";
import type { StoredCost, StoredEvent } from "@/lib/core/traces/stored-event";

import { columnsOf, functionCall } from "./wire";

/*
 * An event as a row: what is searched for and counted has columns, everything else is in `detail`, where what is absent
 * is left out.
 */

const EVENTS = {
  kept: "int8",
  trace: "bytea",
  event: "bytea",
  parent: "bytea",
  agent: "uuid",
  credential: "uuid",
  received: "int8",
  started: "int8",
  start_ns: "int8",
  end_ns: "int8",
  source: "text",
  dialect: "text",
  producer: "text",
  name: "text",
  kind: "text",
  usage_role: "text",
  in_window: "bool",
  claims_other: "bool",
  agent_version: "text",
  session: "text",
  run: "text",
  step: "int4",
  claimed_decision: "text",
  provider: "text",
  model: "text",
  tokens_input: "int8",
  tokens_output: "int8",
  tokens_cache_read: "int8",
  tokens_cache_write: "int8",
  tokens_reasoning: "int8",
  cost_picos: "int8",
  computed_picos: "int8",
  cost_status: "text",
  price_ref: "text",
  tool: "text",
  call_id: "text",
  args_digest: "bytea",
  outcome: "text",
  error_type: "text",
  customer: "text",
  digest: "bytea",
  detail: "jsonb",
} as const;

type Lists<T extends Readonly<Record<string, string>>> = { readonly [K in keyof T as `p_${K & string}`]: `${T[K]}[]` };
const listsOf = <const T extends Readonly<Record<string, string>>>(types: T) =>
  Object.fromEntries(Object.entries(types).map(([name, type]) => [`p_${name}`, `${type}[]`])) as Lists<T>;

/** `events_write`: writes events that are not there. */
export const EVENTS_WRITE = functionCall("events_write", { p_workspace: "uuid", ...listsOf(EVENTS) });

const bytes = (hex: string): Buffer => Buffer.from(hex, "hex");

/** The rows of events as parallel lists. */
export function eventColumns(kept: readonly KeptEvent[]) {
  const columns = columnsOf(EVENTS);
  for (const { stored, keptAt } of kept) columns.add(rowOf(stored, keptAt));
  return columns.lists;
}

function rowOf(stored: StoredEvent, keptAt: bigint) {
  const { event, cost } = stored;
  const { tokens } = event;
  return {
    kept: keptAt,
    trace: bytes(event.traceId),
    event: bytes(event.eventId),
    parent: event.parentEventId === null ? null : bytes(event.parentEventId),
    agent: stored.agentId,
    credential: stored.credentialId,
    received: BigInt(Date.parse(stored.receivedAt)) * 1_000n,
    started: timesOf(stored).started,
    start_ns: BigInt(event.startNs),
    end_ns: event.endNs === null ? null : BigInt(event.endNs),
    source: event.source,
    dialect: event.dialect,
    producer: event.producer,
    name: event.name,
    kind: event.kind,
    usage_role: event.usageRole,
    in_window: stored.inWindow,
    claims_other: stored.claimsOther,
    agent_version: event.agentVersion,
    session: event.sessionId,
    run: event.runId,
    step: event.step,
    claimed_decision: event.decisionId,
    provider: event.provider,
    model: event.model,
    tokens_input: tokens?.input ?? null,
    tokens_output: tokens?.output ?? null,
    tokens_cache_read: tokens?.cacheRead ?? null,
    tokens_cache_write: tokens?.cacheWrite ?? null,
    tokens_reasoning: tokens?.reasoning ?? null,
    cost_picos: cost.picos === null ? null : BigInt(cost.picos),
    computed_picos: cost.computedPicos === null ? null : BigInt(cost.computedPicos),
    cost_status: cost.status,
    price_ref: cost.priceRef,
    tool: event.tool?.name ?? null,
    call_id: event.tool?.callId ?? null,
    args_digest: stored.argsDigest === null ? null : bytes(stored.argsDigest),
    outcome: event.outcome,
    error_type: event.error?.type ?? null,
    customer: event.dimensions.customer,
    digest: bytes(stored.digest),
    detail: JSON.stringify(detailOf(event)),
  };
}

/** What has no column of its own. */
type Detail = Partial<
  Pick<
    AgentEvent,
    | "links"
    | "ttftMs"
    | "agentId"
    | "agentName"
    | "modelRequested"
    | "tokensRead"
    | "costUsdGiven"
    | "finishReason"
    | "outcomeSource"
    | "retrieval"
    | "policy"
    | "dimensions"
    | "content"
    | "unread"
    | "evaluations"
    | "flags"
  >
> & {
  readonly tokens?: Pick<Tokens, "cacheWrite1h" | "audioIn" | "audioOut">;
  readonly args?: NonNullable<AgentEvent["tool"]>["args"];
  readonly errorMessage?: string;
};

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

function detailOf(event: AgentEvent): Detail {
  const { tokens, dimensions } = event;
  const { customer: _customer, ...others } = dimensions;
  const said = Object.values(others).some((value) => (Array.isArray(value) ? value.length > 0 : Boolean(value)));
  return {
    ...(event.links.length > 0 && { links: event.links }),
    ...(event.ttftMs !== null && { ttftMs: event.ttftMs }),
    ...(event.agentId !== null && { agentId: event.agentId }),
    ...(event.agentName !== null && { agentName: event.agentName }),
    ...(event.modelRequested !== null && { modelRequested: event.modelRequested }),
    ...(event.tokensRead !== "unknown" && { tokensRead: event.tokensRead }),
    ...(event.costUsdGiven !== null && { costUsdGiven: event.costUsdGiven }),
    ...(event.finishReason !== null && { finishReason: event.finishReason }),
    ...(event.outcomeSource !== "derived" && { outcomeSource: event.outcomeSource }),
    ...(event.retrieval !== null && { retrieval: event.retrieval }),
    ...(event.policy !== null && { policy: event.policy }),
    ...(said && { dimensions }),
    ...(!isEmpty(event.content) && { content: event.content }),
    ...(!isEmpty(event.unread) && { unread: event.unread }),
    ...(event.evaluations.length > 0 && { evaluations: event.evaluations }),
    ...(event.flags.length > 0 && { flags: event.flags }),
    ...(tokens !== null && {
      tokens: { cacheWrite1h: tokens.cacheWrite1h, audioIn: tokens.audioIn, audioOut: tokens.audioOut },
    }),
    ...(event.tool !== null && event.tool.args !== null && { args: event.tool.args }),
    ...(event.error !== null && event.error.message !== null && { errorMessage: event.error.message }),
  };
}

/** A row as `EVENT_COLUMNS` reads it: bytes as hex digits, what is large as text. */
export type EventRow = {
  readonly [column in keyof typeof EVENTS as Exclude<
    column,
    "kept" | "detail" | "step" | "in_window" | "claims_other"
  >]: string | null;
} & {
  readonly step: number | null;
  readonly in_window: boolean;
  readonly claims_other: boolean;
  readonly detail: Detail;
};

/** The columns of an `EventRow`, of the table `events` as `e`. */
export const EVENT_COLUMNS = `
  encode(e.trace_id, 'hex') AS trace, encode(e.event_id, 'hex') AS event, encode(e.parent_event_id, 'hex') AS parent,
  e.agent_id::text AS agent, e.credential_id::text AS credential, iso_utc(e.received_at) AS received,
  micros_since_1970(e.started_at)::text AS started, e.start_ns::text, e.end_ns::text, e.source, e.dialect, e.producer,
  e.name, e.kind, e.usage_role, e.in_window, e.claims_other, e.agent_version, e.session, e.run, e.step,
  e.claimed_decision, e.provider, e.model, e.tokens_input::text, e.tokens_output::text, e.tokens_cache_read::text,
  e.tokens_cache_write::text, e.tokens_reasoning::text, c.cost_picos::text, c.computed_picos::text, c.cost_status, c.price_ref, e.tool,
  e.call_id, encode(e.args_digest, 'hex') AS args_digest, e.outcome, e.error_type, e.customer,
  encode(e.digest, 'hex') AS digest, e.detail`;

/** Joins to events, `e`, the newest price each was given, as `c`. */
export const NEWEST_COST = `
  CROSS JOIN LATERAL (
    SELECT v.cost_picos, v.computed_picos, v.cost_status, v.price_ref FROM (
      SELECT n.cost_picos, n.computed_picos, n.cost_status, n.price_ref, n.version FROM event_costs n
      WHERE n.workspace_id = e.workspace_id AND n.trace_id = e.trace_id AND n.event_id = e.event_id
      UNION ALL SELECT e.cost_picos, e.computed_picos, e.cost_status, e.price_ref, 0
    ) AS v ORDER BY v.version DESC LIMIT 1) AS c`;

const numberOf = (text: string | null): number | null => (text === null ? null : Number(text));

/** Reads a row back as the event it was written from. What was written passed the types, so it is taken as it is. */
export function eventOf(row: EventRow): StoredEvent {
  const { detail } = row;
  const event: AgentEvent = {
    eventId: row.event ?? "",
    traceId: row.trace ?? "",
    parentEventId: row.parent,
    links: detail.links ?? [],
    source: row.source as AgentEvent["source"],
    dialect: row.dialect as Dialect,
    producer: row.producer,
    startNs: row.start_ns ?? "0",
    endNs: row.end_ns,
    ttftMs: detail.ttftMs ?? null,
    name: row.name ?? "",
    kind: row.kind as EventKind,
    usageRole: row.usage_role as AgentEvent["usageRole"],
    agentId: detail.agentId ?? null,
    agentName: detail.agentName ?? null,
    agentVersion: row.agent_version,
    sessionId: row.session,
    runId: row.run,
    step: row.step,
    decisionId: row.claimed_decision,
    provider: row.provider,
    modelRequested: detail.modelRequested ?? null,
    model: row.model,
    tokens: detail.tokens
      ? {
          input: numberOf(row.tokens_input),
          output: numberOf(row.tokens_output),
          cacheRead: numberOf(row.tokens_cache_read),
          cacheWrite: numberOf(row.tokens_cache_write),
          reasoning: numberOf(row.tokens_reasoning),
          ...detail.tokens,
        }
      : null,
    tokensRead: detail.tokensRead ?? "unknown",
    costUsdGiven: detail.costUsdGiven ?? null,
    finishReason: detail.finishReason ?? null,
    tool: row.tool === null ? null : { name: row.tool, callId: row.call_id, args: detail.args ?? null },
    outcome: row.outcome as EventOutcome | null,
    outcomeSource: detail.outcomeSource ?? "derived",
    error: row.error_type === null ? null : { type: row.error_type, message: detail.errorMessage ?? null },
    retrieval: detail.retrieval ?? null,
    policy: detail.policy ?? null,
    dimensions: detail.dimensions ?? { ...NO_DIMENSIONS, customer: row.customer },
    content: detail.content ?? {},
    unread: detail.unread ?? {},
    evaluations: detail.evaluations ?? [],
    flags: detail.flags ?? [],
  };
  return {
    event,
    inWindow: row.in_window,
    claimsOther: row.claims_other,
    digest: row.digest ?? "",
    argsDigest: row.args_digest,
    cost: {
      picos: row.cost_picos,
      computedPicos: row.computed_picos,
      status: row.cost_status as StoredCost["status"],
      priceRef: row.price_ref,
    },
    agentId: AgentId.parse(row.agent),
    credentialId: CredentialId.parse(row.credential),
    receivedAt: row.received ?? "",
  };
}
