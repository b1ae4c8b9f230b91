import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { eventOf } from "@/lib/testing/agent-event";

import type { AgentEvent } from "./event";
import { retriedEvents } from "./retries";
import { buildTree, countedEvents, keyOf, walkTree } from "./tree";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const idOf = (n: number) => n.toString(16).padStart(16, "0");

const event = (n: number, parent: number | null, fields: Partial<AgentEvent> = {}): AgentEvent =>
  eventOf({
    eventId: idOf(n),
    traceId: TRACE,
    parentEventId: parent === null ? null : idOf(parent),
    startNs: String(1_000 + n),
    name: `e${n}`,
    usageRole: "rollup",
    outcome: "success",
    ...fields,
  });

const outline = (events: readonly AgentEvent[]) =>
  [...walkTree(buildTree(events).roots)].map(({ node, depth }) => `${"-".repeat(depth)}${node.event.name}`);

describe("the tree of a run", () => {
  test("is by parents and time, in whatever order events arrive", () => {
    const events = [event(1, null), event(2, 1), event(3, 2), event(4, 1), event(5, null)];
    const expected = ["e1", "-e2", "--e3", "-e4", "e5"];
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(outline(shuffled)).toEqual(expected);
      }),
    );
  });

  test("holds every event once, whatever parents they name", () => {
    const parents = fc.array(fc.option(fc.nat(40)), { maxLength: 30 });
    fc.assert(
      fc.property(parents, (named) => {
        const events = named.map((parent, at) => event(at, parent));
        const tree = buildTree([...events, ...events]);
        const held = [...walkTree(tree.roots)].map(({ node }) => node.event.eventId);
        expect(held.toSorted()).toEqual(events.map(({ eventId }) => eventId).toSorted());
        expect(tree.size).toBe(events.length);
      }),
      { numRuns: 500 },
    );
  });

  test("shows a missing parent as a gap, somebody else's as a link, and cuts circles at their earliest", () => {
    const { roots, missing } = buildTree(
      [event(1, 99), event(2, 99), event(3, 98), event(4, 5), event(5, 6), event(6, 4), event(7, 5), event(8, 8)],
      ({ parentEventId }) => parentEventId === idOf(98),
    );
    expect(roots.map((root) => [root.event.name, root.rootedBy])).toEqual([
      ["e1", "missing_parent"],
      ["e2", "missing_parent"],
      ["e3", "foreign_parent"],
      ["e4", "cycle"],
      ["e8", "cycle"],
    ]);
    expect(missing).toEqual([{ eventId: idOf(99), children: [keyOf(event(1, 99)), keyOf(event(2, 99))] }]);
    expect(outline([event(4, 5), event(5, 6), event(6, 4), event(7, 5)])).toEqual(["e4", "-e6", "--e5", "---e7"]);
  });

  test("keeps the same span id in two traces apart", () => {
    const other = event(1, null, { traceId: "f".repeat(32), name: "other" });
    expect(outline([event(1, null), other, event(2, 1)])).toEqual(["e1", "-e2", "other"]);
  });

  test("of twenty thousand events in one line, one row or one circle is made in a moment", () => {
    const count = 20_000;
    const started = performance.now();
    const line = buildTree(Array.from({ length: count }, (_, n) => event(n, n === 0 ? null : n - 1)));
    const row = buildTree(Array.from({ length: count }, (_, n) => event(n, n === 0 ? null : 0)));
    const ring = buildTree(Array.from({ length: count }, (_, n) => event(n, (n + 1) % count)));
    for (const tree of [line, row, ring]) {
      expect([...walkTree(tree.roots)]).toHaveLength(count);
      expect(countedEvents(tree.roots, () => true).length).toBeGreaterThan(0);
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe("usage that counts", () => {
  const tokens = (input: number) => ({
    tokens: {
      input,
      output: 0,
      cacheRead: null,
      cacheWrite: null,
      cacheWrite1h: null,
      reasoning: null,
      audioIn: null,
      audioOut: null,
    },
  });
  const counted = (events: readonly AgentEvent[]) =>
    countedEvents(buildTree(events).roots, (candidate) => candidate.tokens !== null).map(({ name }) => name);

  test("is that of leaves, and of a rollup only where no leaf is below it", () => {
    const run = [
      event(1, null, tokens(2_400)),
      event(2, 1, tokens(1_200)),
      event(3, 2, { ...tokens(1_200), usageRole: "leaf" }),
      event(4, 1, { ...tokens(1_200), usageRole: "leaf" }),
      event(5, null, tokens(700)),
      event(6, 5),
    ];
    expect(counted(run)).toEqual(["e3", "e4", "e5"]);
  });

  test("is that of the inner where two instrumentations tell of one call", () => {
    expect(
      counted([event(1, null, { ...tokens(5), usageRole: "leaf" }), event(2, 1, { ...tokens(5), usageRole: "leaf" })]),
    ).toEqual(["e2"]);
  });
});

describe("retries", () => {
  const call = (n: number, fields: Partial<AgentEvent> = {}) =>
    event(n, null, { kind: "tool", tool: { name: "crm.updateCase", callId: null, args: { n: 1 } }, ...fields });
  const failure = { outcome: null, error: { type: "TimeoutError", message: null } };
  const names = (events: readonly AgentEvent[]) =>
    [...retriedEvents(events, ({ tool }) => (tool === null ? null : JSON.stringify(tool.args)))].map((key) =>
      Number.parseInt(key.slice(33), 16),
    );

  test("are failures followed by the same call in the same run", () => {
    expect(names([call(3), call(1, failure), call(2, failure)])).toEqual([1, 2]);
  });

  test.each([
    ["nothing follows", [call(1, failure)]],
    ["it succeeded", [call(1), call(2)]],
    [
      "the arguments differ",
      [call(1, failure), call(2, { tool: { name: "crm.updateCase", callId: null, args: { n: 2 } } })],
    ],
    ["the tool differs", [call(1, failure), call(2, { tool: { name: "crm.read", callId: null, args: { n: 1 } } })]],
    ["the run differs", [call(1, failure), call(2, { runId: "another" })]],
    ["its outcome is known", [call(1, { ...failure, outcome: "failed_validation" }), call(2)]],
    ["it is the same event twice", [call(1, failure), call(1, failure)]],
  ])("are none where %s", (_, events) => {
    expect(names(events)).toEqual([]);
  });
});
