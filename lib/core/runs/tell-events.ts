import { usdOfPico } from "@/lib/core/shared/money";
import type { AgentEvent } from "@/lib/core/traces/event";
import type { StoredEvent } from "@/lib/core/traces/stored-event";
import { buildTree, keyOf, type TraceNode, walkTree } from "@/lib/core/traces/tree";

import type { StoryRow, StoryTold } from "./story";
import { argsSummary } from "./words";

/**
 * An event with the decision that its tool call met; `decision` is null when it was looked for, undefined when not yet.
 * `differsFrom` is the decision that allowed the call with other arguments than it ran with.
 */
export type ToldEvent = StoredEvent & {
  readonly decision: string | null | undefined;
  readonly differsFrom: string | null;
};

/** The rows of events, and where the calls of decisions ran. */
export type ToldEvents = {
  readonly rows: readonly StoryRow[];
  /** By decision: when its call ran, how deep in the tree, and how it failed. */
  readonly ran: ReadonlyMap<string, RanCall>;
  /** The trees that the rows were told from. */
  readonly roots: readonly TraceNode[];
};

type RanCall = Span & Pick<StoryRow, "error">;

const NS_PER_MS = 1_000_000n;

/** ISO 8601 with milliseconds of a time in nanoseconds. */
export const isoOfNs = (ns: string): string => new Date(Number(BigInt(ns) / NS_PER_MS)).toISOString();

/** Rows of what a run's telemetry says, in the order of its trees; what is missing is a row as well. */
export function tellEvents(events: readonly ToldEvent[]): ToldEvents {
  const stored = new Map(events.map((each) => [keyOf(each.event), each]));
  const tree = buildTree(events.map(({ event }) => event));
  const rows: StoryRow[] = [];
  const ran = new Map<string, RanCall>();
  for (const { node, depth } of walkTree(tree.roots)) {
    const each = stored.get(keyOf(node.event));
    if (each === undefined) continue;
    const { startNs, endNs } = each.event;
    const span = { at: isoOfNs(startNs), endAt: endNs === null ? null : isoOfNs(endNs), depth };
    if (each.event.kind === "tool" && typeof each.decision === "string")
      ran.set(each.decision, { ...span, error: each.event.error });
    else rows.push(rowOf(each, node, span));
  }
  for (const { eventId, children } of tree.missing) {
    const first = children[0] && stored.get(children[0]);
    if (!first) continue;
    const told = { kind: "gap", parent: eventId, events: children.length } as const;
    const at = isoOfNs(first.event.startNs);
    rows.push({ id: `gap-${eventId}`, at, endAt: null, depth: 0, costUsd: null, error: null, fault: true, told });
  }
  return { rows, ran, roots: tree.roots };
}

/** The id of an event's own row. */
export const spanRow = ({ traceId, eventId }: Pick<AgentEvent, "traceId" | "eventId">): string =>
  `span-${traceId}-${eventId}`;

type Span = { readonly at: string; readonly endAt: string | null; readonly depth: number };

function rowOf(each: ToldEvent, { rootedBy }: TraceNode, span: Span): StoryRow {
  const { event, cost } = each;
  const told = toldOf(each);
  const isUngoverned = told.kind === "tool" && told.governed === "ungoverned";
  return {
    id: spanRow(event),
    ...span,
    // A rollup repeats what is below it: its cost would be read as one more.
    costUsd: cost.picos === null || event.usageRole === "rollup" ? null : usdOfPico(BigInt(cost.picos)),
    error: event.error,
    fault: event.error !== null || isUngoverned || rootedBy === "cycle",
    told,
  };
}

function toldOf({ event, decision, differsFrom }: ToldEvent): StoryTold {
  if (event.kind === "llm" || event.kind === "embedding" || event.kind === "rerank") return modelOf(event);
  if (event.kind === "retrieval")
    return { kind: "retrieval", index: event.retrieval?.index ?? null, documents: event.retrieval?.docIds ?? [] };
  if (event.kind === "tool") {
    const { tool } = event;
    return {
      kind: "tool",
      tool: tool?.name ?? event.name,
      args: tool?.args == null ? "" : argsSummary(tool.args),
      governed: decision === null ? "ungoverned" : "unknown",
      differsFrom,
    };
  }
  return { kind: "agent", what: event.kind, name: event.agentName ?? event.name };
}

function modelOf({ model, modelRequested, tokens, name }: AgentEvent): StoryTold {
  const [input, cacheRead] = [tokens?.input ?? null, tokens?.cacheRead ?? null];
  return {
    kind: "model",
    model: model ?? modelRequested ?? name,
    input,
    output: tokens?.output ?? null,
    cached: input === null || cacheRead === null || input === 0 ? null : Math.min(1, cacheRead / input),
  };
}
