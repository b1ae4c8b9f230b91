import { beforeEach, describe, expect, test } from "vitest";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { quantileOf } from "@/lib/core/shared/log-histogram";
import { NO_DIMENSIONS } from "@/lib/core/traces/event";
import type { StoredEvent } from "@/lib/core/traces/stored-event";
import { type AggregateQuery, MEASURES, type TraceStore } from "@/lib/data/trace-store";

import { givenEvent, givenSender, givenStored, newEventId, newTraceId, nsOf } from "./trace-events";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EVER = { from: new Date("1900-01-01T00:00:00Z"), to: new Date("2200-01-01T00:00:00Z") };
const ago = (ms: number) => new Date(Date.now() - ms);

/** What every adapter of `TraceStore` must do. @param givenWorkspace makes a workspace that nobody else uses */
export function testTraceStore(name: string, store: TraceStore, givenWorkspace: () => Promise<WorkspaceId>): void {
  describe(`${name} as a store of traces`, () => {
    let workspace: WorkspaceId;
    const sender = givenSender();
    beforeEach(async () => {
      workspace = await givenWorkspace();
    });

    const read = async (range = EVER) => {
      const found: StoredEvent[] = [];
      for await (const event of store.events(workspace, range)) found.push(event);
      return found;
    };
    const totals = async (change: Partial<AggregateQuery> = {}) => {
      const [row] = await store.aggregate(workspace, { ...EVER, by: [], inWindowOnly: false, ...change });
      return row;
    };

    test("reads back what was written, field by field and to the nanosecond", async () => {
      const traceId = newTraceId();
      const full = givenStored(
        sender,
        givenEvent({
          traceId,
          startNs: "1775790862123456789",
          endNs: "1775790862999999999",
          parentEventId: newEventId(),
          links: [`${newTraceId()}/${newEventId()}`],
          kind: "tool",
          tokens: null,
          tool: { name: "crm.updateCase", callId: "c-1", args: { caseId: "C-88319", n: [1, null, "x"] } },
          error: { type: "timeout", message: "took \u2028too long" },
          retrieval: { index: "kb", docIds: ["KB-1"], asOf: [null] },
          policy: { decision: "allow", rule: "r", policyId: null },
          content: { "input.messages": [{ role: "user" }] },
          evaluations: [{ name: "faithful", score: 0.5, label: null }],
          flags: ["value_cut"],
          decisionId: "d-1",
          runId: "r-1",
        }),
        { claimsOther: true, inWindow: false },
      );
      const bare = givenStored(
        sender,
        givenEvent({
          traceId,
          startNs: "1775790862123456788",
          endNs: null,
          ttftMs: null,
          agentName: null,
          agentVersion: null,
          sessionId: null,
          step: null,
          provider: null,
          model: null,
          modelRequested: null,
          tokens: null,
          tokensRead: "unknown",
          finishReason: null,
          outcome: null,
          outcomeSource: "derived",
          producer: null,
          dimensions: NO_DIMENSIONS,
          unread: {},
        }),
      );
      await store.write(workspace, [full, bare]);
      expect(await store.trace(workspace, traceId)).toEqual([bare, full]);
      expect(await read()).toEqual([bare, full]);
    });

    test("changes nothing when events come again, in any order, alone or in one batch", async () => {
      const events = Array.from({ length: 20 }, () => givenStored(sender, givenEvent()));
      expect(await store.write(workspace, [...events, ...events])).toMatchObject({ duplicates: 20, conflicts: 0 });
      const before = await totals({ histograms: ["latencies", "costs"] });
      const again = await store.write(workspace, events.toReversed());
      expect(again).toEqual({ fresh: [], duplicates: 20, conflicts: 0 });
      await Promise.all(events.map((event) => store.write(workspace, [event, ...events])));
      expect(await read()).toHaveLength(20);
      expect(await totals({ histograms: ["latencies", "costs"] })).toEqual(before);
      expect(before?.measures.events).toBe("20");
    });

    test("counts once what many writers bring at the same time", async () => {
      const traceId = newTraceId();
      const events = Array.from({ length: 12 }, () => givenStored(sender, givenEvent({ traceId })));
      const results = await Promise.all(Array.from({ length: 8 }, () => store.write(workspace, events)));
      expect(results.reduce((sum, { fresh }) => sum + fresh.length, 0)).toBe(12);
      expect((await totals())?.measures).toMatchObject({ events: "12", tokens_input: String(12 * 1200) });
    });

    test("knows an event by its ids whatever time it names now, and keeps the first version", async () => {
      const first = givenEvent();
      const later = { ...first, startNs: nsOf(ago(5 * HOUR_MS)), endNs: null, name: "another" };
      const old = { ...first, startNs: nsOf(new Date("1975-01-01")), endNs: null, name: "a third" };
      await store.write(workspace, [givenStored(sender, first)]);
      const versions = [givenStored(sender, later), givenStored(sender, old)];
      expect(await store.write(workspace, versions)).toMatchObject({ fresh: [], conflicts: 2 });
      expect(await store.write(workspace, versions)).toMatchObject({ fresh: [], conflicts: 0, duplicates: 2 });
      expect((await read()).map(({ event }) => event.name)).toEqual([first.name]);
      expect((await totals())?.measures.events).toBe("1");
    });

    test("keeps one of two versions that come in one batch", async () => {
      const event = givenEvent();
      const other = givenStored(sender, { ...event, name: "another" });
      expect(await store.write(workspace, [givenStored(sender, event), other])).toMatchObject({ conflicts: 1 });
      expect((await read()).map((stored) => stored.event.name)).toEqual([event.name]);
    });

    test("takes the same ids in two traces and two workspaces for different events", async () => {
      const event = givenEvent();
      const elsewhere = await givenWorkspace();
      await store.write(workspace, [givenStored(sender, event)]);
      await store.write(workspace, [givenStored(sender, { ...event, traceId: newTraceId() })]);
      await store.write(elsewhere, [givenStored(sender, event)]);
      expect(await read()).toHaveLength(2);
      expect(await store.trace(elsewhere, event.traceId)).toHaveLength(1);
      expect(await store.trace(await givenWorkspace(), event.traceId)).toEqual([]);
    });

    test("counts what comes late in the hour it began", async () => {
      const times = [ago(30 * HOUR_MS), ago(20 * HOUR_MS), new Date("1970-01-01T00:10:00Z"), ago(0)];
      for (const at of times) await store.write(workspace, [givenStored(sender, givenEvent({ startNs: nsOf(at) }))]);
      const hours = await store.aggregate(workspace, { ...EVER, by: ["hour"], inWindowOnly: false });
      const expected = times.map((at) => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS).toISOString());
      expect(hours.map(({ group }) => group[0])).toEqual(expected.toSorted());
    });

    test("splits figures by what is asked, and leaves evidence out only where its time is far off", async () => {
      const slow = givenEvent({ model: "b", error: { type: "x", message: null }, outcome: "retry" });
      const unpriced = givenStored(sender, givenEvent({ model: "b" }), {
        cost: { picos: null, computedPicos: null, status: "unpriced", priceRef: null },
      });
      const rollup = givenStored(sender, givenEvent({ kind: "agent", usageRole: "rollup", model: "a" }));
      const far = givenStored(sender, givenEvent({ model: "a" }), { inWindow: false });
      await store.write(workspace, [
        givenStored(sender, givenEvent({ model: "a" })),
        givenStored(sender, slow),
        unpriced,
        rollup,
        far,
      ]);
      const by = { by: ["model"] as const, ...EVER };
      const [a, b] = await store.aggregate(workspace, { ...by, inWindowOnly: true });
      expect(a).toMatchObject({
        group: ["a"],
        measures: { events: "2", tokens_input: "1200", cost_picos: "717000000" },
      });
      expect(b).toMatchObject({
        group: ["b"],
        measures: { events: "2", errors: "1", retries: "1", priced: "1", unpriced: "1", unpriced_tokens: "1540" },
      });
      const [all] = await store.aggregate(workspace, { ...by, inWindowOnly: false, kind: "llm" });
      expect(all?.measures.events).toBe("2");
    });

    test("counts latencies and costs so that their quantiles can be read", async () => {
      const startNs = nsOf(new Date());
      const took = (ms: number) =>
        givenStored(sender, givenEvent({ startNs, endNs: String(BigInt(startNs) + BigInt(ms) * 1_000_000n) }));
      await store.write(workspace, [...Array.from({ length: 18 }, () => took(100)), took(9_000)]);
      await store.write(workspace, [took(9_000)]);
      const found = (await totals({ histograms: ["latencies", "costs"] }))?.histograms;
      expect(quantileOf(found?.latencies ?? [], 0.5)).toBeCloseTo(100, -1);
      expect((quantileOf(found?.latencies ?? [], 0.95) ?? 0) / 9_000).toBeCloseTo(1, 0);
      expect(found?.costs?.reduce((sum, n) => sum + n, 0)).toBe(20);
    });

    test("finds events by agent, kind, tool, run and fault, page after page", async () => {
      const other = givenSender();
      const events = Array.from({ length: 1_203 }, () => givenStored(sender, givenEvent()));
      const tool = { name: "t", callId: null, args: null };
      const one = givenStored(other, givenEvent({ kind: "tool", tool, tokens: null, runId: "r-9", model: null }));
      const failed = givenStored(sender, givenEvent({ error: { type: "x", message: null } }));
      await store.write(workspace, [...events, one, failed]);
      expect(new Set((await read()).map(({ event }) => event.eventId)).size).toBe(1_205);
      const found = async (query: object) => {
        const ids: string[] = [];
        for await (const { event } of store.events(workspace, { ...EVER, ...query })) ids.push(event.eventId);
        return ids;
      };
      for (const query of [{ agentId: other.agentId }, { kinds: ["tool"] }, { tool: "t" }, { run: "r-9" }])
        expect(await found(query)).toEqual([one.event.eventId]);
      expect(await found({ errorsOnly: true })).toEqual([failed.event.eventId]);
      expect(await found({ to: new Date("2000-01-01") })).toEqual([]);
    });

    test("forgets by when events arrived, not by the time they name", async () => {
      const dated = (at: Date) => givenStored(sender, givenEvent({ startNs: nsOf(at) }));
      const events = [dated(new Date("2019-01-01")), dated(ago(HOUR_MS)), dated(new Date("2090-01-01"))];
      await store.write(workspace, events);
      expect(await store.dropBefore(workspace, ago(DAY_MS))).toBe(0);
      expect(await read()).toHaveLength(3);
      const elsewhere = await givenWorkspace();
      await store.write(elsewhere, events);
      expect(await store.dropBefore(workspace, new Date(Date.now() + 2 * DAY_MS))).toBe(3);
      expect(await read()).toEqual([]);
      expect(await store.trace(elsewhere, events[0]?.event.traceId ?? "")).toHaveLength(1);
      expect((await totals())?.measures.events).toBe("3");
    });

    test("its counts are a recount of its events", async () => {
      const kinds = ["llm", "tool", "agent", "other"] as const;
      const events = Array.from({ length: 300 }, (_, n) =>
        givenStored(
          sender,
          givenEvent({
            kind: kinds[n % 4] ?? "other",
            usageRole: n % 4 === 2 ? "rollup" : "leaf",
            model: n % 3 === 0 ? null : `m-${n % 5}`,
            startNs: nsOf(ago((n % 7) * HOUR_MS)),
            error: n % 11 === 0 ? { type: "x", message: null } : null,
          }),
        ),
      );
      for (let at = 0; at < 300; at += 40) await store.write(workspace, events.slice(Math.max(0, at - 15), at + 40));
      const found = await read();
      const leaves = found.filter(({ event }) => event.usageRole === "leaf");
      const sum = (values: readonly number[]) => String(values.reduce((all, value) => all + value, 0));
      const measures = (await totals())?.measures;
      expect(Object.keys(measures ?? {})).toEqual([...MEASURES]);
      expect(measures).toMatchObject({
        events: "300",
        errors: String(found.filter(({ event }) => event.error !== null).length),
        tokens_output: sum(leaves.map(({ event }) => event.tokens?.output ?? 0)),
        cost_picos: sum(leaves.map(({ cost }) => Number(cost.picos ?? 0))),
      });
    });
  });
}
