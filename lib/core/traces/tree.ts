import type { AgentEvent } from "./event";

/** Which event: the ids of spans are only unique within their trace. */
export type EventKey = `${string}/${string}`;
export const keyOf = (event: Pick<AgentEvent, "traceId" | "eventId">): EventKey => `${event.traceId}/${event.eventId}`;

/** One event of a run and what happened below it, in order of time. */
export type TraceNode<E extends AgentEvent = AgentEvent> = {
  readonly event: E;
  readonly children: readonly TraceNode<E>[];
  /**
   * Why a root is one: it names no parent, the parent has not arrived (a gap to show), the parent is another's event and
   * only a link, or its parents form a circle that is cut here.
   */
  readonly rootedBy: "no_parent" | "missing_parent" | "foreign_parent" | "cycle" | null;
};

/** The events of a run as trees, and what the trees lack. */
export type TraceTree<E extends AgentEvent = AgentEvent> = {
  readonly roots: readonly TraceNode<E>[];
  /** Parents that events name and that are not there, each once, in order of their first child. */
  readonly missing: readonly { readonly eventId: string; readonly children: readonly EventKey[] }[];
  /** How many events are in the trees: all that were given, duplicates once. */
  readonly size: number;
};

type Building<E extends AgentEvent> = {
  readonly event: E;
  readonly children: Building<E>[];
  parent: Building<E> | null;
  rootedBy: TraceNode<E>["rootedBy"];
};

/**
 * The trees of a set of events in any order. Every event is in exactly one place, whatever parents it names: circles
 * are cut at their earliest event, and what is missing is a gap above the event, never a lost event. Linear but for
 * sorting by time; nothing recurses, so depth costs no stack.
 *
 * @param isForeign whether a parent that is not here is known to belong to somebody else's trace
 */
export function buildTree<E extends AgentEvent>(
  events: Iterable<E>,
  isForeign: (event: E) => boolean = () => false,
): TraceTree<E> {
  const nodes = new Map<EventKey, Building<E>>();
  for (const event of sorted(events)) {
    const key = keyOf(event);
    if (!nodes.has(key)) nodes.set(key, { event, children: [], parent: null, rootedBy: null });
  }
  const missing = new Map<string, EventKey[]>();
  const roots: Building<E>[] = [];
  for (const [key, node] of nodes) {
    const { parentEventId, traceId } = node.event;
    const parent = parentEventId === null ? undefined : nodes.get(`${traceId}/${parentEventId}`);
    if (parent !== undefined && parent !== node) {
      node.parent = parent;
      continue;
    }
    node.rootedBy = parentEventId === null ? "no_parent" : parent === node ? "cycle" : rootedBy(node.event, isForeign);
    roots.push(node);
    if (node.rootedBy !== "missing_parent" || parentEventId === null) continue;
    const children = missing.get(parentEventId);
    if (children) children.push(key);
    else missing.set(parentEventId, [key]);
  }
  cutCycles(nodes.values(), roots);
  for (const node of nodes.values()) node.parent?.children.push(node);
  return {
    roots: roots.toSorted((a, b) => byTime(a.event, b.event)),
    missing: [...missing].map(([eventId, children]) => ({ eventId, children })),
    size: nodes.size,
  };
}

const rootedBy = <E extends AgentEvent>(event: E, isForeign: (event: E) => boolean) =>
  isForeign(event) ? "foreign_parent" : "missing_parent";

/** Walks up from each event once. Who is met again on the same walk closes a circle, and its earliest becomes a root. */
function cutCycles<E extends AgentEvent>(nodes: Iterable<Building<E>>, roots: Building<E>[]): void {
  const walked = new Map<Building<E>, number>();
  let walk = 0;
  for (const start of nodes) {
    walk += 1;
    let node: Building<E> | null = start;
    while (node !== null && !walked.has(node)) {
      walked.set(node, walk);
      node = node.parent;
    }
    if (node === null || walked.get(node) !== walk) continue;
    const cut = earliestOnCircle(node);
    cut.parent = null;
    cut.rootedBy = "cycle";
    roots.push(cut);
  }
}

function earliestOnCircle<E extends AgentEvent>(start: Building<E>): Building<E> {
  let earliest = start;
  for (let node = start.parent; node !== null && node !== start; node = node.parent) {
    if (byTime(node.event, earliest.event) < 0) earliest = node;
  }
  return earliest;
}

/** By start, then the longer first since it is around the shorter, then by id: a total order. */
export function byTime(a: AgentEvent, b: AgentEvent): number {
  return (
    compareNs(a.startNs, b.startNs) ||
    compareNs(b.endNs ?? b.startNs, a.endNs ?? a.startNs) ||
    compareText(a.traceId, b.traceId) ||
    compareText(a.eventId, b.eventId)
  );
}

const sorted = <E extends AgentEvent>(events: Iterable<E>): E[] => [...events].sort(byTime);

/** Decimal texts without signs or leading zeros: the shorter is less. */
export const compareNs = (a: string, b: string): number => a.length - b.length || compareText(a, b);

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every event below these nodes and they themselves, parents first, siblings by time. */
export function* walkTree<E extends AgentEvent>(
  roots: readonly TraceNode<E>[],
): Generator<{ readonly node: TraceNode<E>; readonly depth: number }> {
  const open = roots.toReversed().map((node) => ({ node, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    const { children } = next.node;
    for (let at = children.length - 1; at >= 0; at -= 1) {
      const node = children[at];
      if (node) open.push({ node, depth: next.depth + 1 });
    }
  }
}

/**
 * The events whose usage counts, each token once: an event that carries usage counts unless something below it does.
 * So a rollup counts only where no leaf below has arrived, and of two instrumentations of one call the inner counts.
 *
 * @param carries whether an event has usage to count: priced, or with tokens
 */
export function countedEvents<E extends AgentEvent>(
  roots: readonly TraceNode<E>[],
  carries: (event: E) => boolean,
): readonly E[] {
  const order = [...walkTree(roots)].map(({ node }) => node);
  const covered = new Set<TraceNode<E>>();
  const counted: E[] = [];
  // Children come after their parents, so backwards every child is known before its parent.
  for (const node of order.toReversed()) {
    const below = node.children.some((child) => covered.has(child));
    const counts = !below && carries(node.event);
    if (counts) counted.push(node.event);
    if (below || counts) covered.add(node);
  }
  return counted.toReversed();
}
