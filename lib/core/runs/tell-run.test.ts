import { describe, expect, test } from "vitest";

import type { AgentEvent } from "@/lib/core/traces/event";
import { eventOf } from "@/lib/testing/agent-event";

import type { RunFeedback } from "./feedback";
import { RunStep } from "./schema";
import { sayRun } from "./say-run";
import { pageOfStory, STORY_ROWS } from "./story";
import type { ToldEvent } from "./tell-events";
import { type KnownRun, tellRun } from "./tell-run";

const START = Date.parse("2026-11-27T14:19:00.000Z");
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const at = (seconds: number) => new Date(START + seconds * 1_000);
const ns = (seconds: number) => String(BigInt(START + seconds * 1_000) * 1_000_000n);
const id = (digit: string) => digit.repeat(16);
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;

const tokens = (input: number, output: number, cacheRead: number | null = null) => ({
  input,
  output,
  cacheRead,
  cacheWrite: null,
  cacheWrite1h: null,
  reasoning: null,
  audioIn: null,
  audioOut: null,
});

function told(
  event: Partial<AgentEvent>,
  picos: string | null = null,
  decision?: string | null,
  differsFrom: string | null = null,
): ToldEvent {
  return {
    differsFrom,
    event: eventOf({ traceId: TRACE, startNs: ns(0), ...event }),
    inWindow: true,
    claimsOther: false,
    digest: "0".repeat(32),
    argsDigest: null,
    cost: { picos, computedPicos: picos, status: picos === null ? "no_usage" : "computed", priceRef: null },
    agentId: uuid(1) as ToldEvent["agentId"],
    credentialId: uuid(2) as ToldEvent["credentialId"],
    receivedAt: at(60).toISOString(),
    decision,
  };
}

const step = (n: number, seconds: number, over: object = {}) =>
  RunStep.parse({
    decision_id: uuid(n),
    step: n,
    call_id: "",
    at: at(seconds),
    tool: "delete_contacts",
    args: { ids: [1, 2] },
    context: [],
    verdict: "allow",
    rule: "tools.allowed[0]",
    reasons: [],
    score: 10,
    band: "low",
    approval: null,
    outcome: null,
    ...over,
  });

const known = (over: Partial<KnownRun>): KnownRun => ({
  run: { id: uuid(99), state: "running", ended_at: null, ended_reason: null, halted_reason: null, last_at: at(100) },
  steps: [],
  events: [],
  votes: new Map(),
  feedback: [],
  ...over,
});
const kinds = (story: ReturnType<typeof tellRun>) => story.rows.map(({ told: { kind } }) => kind);

describe("a run as one timeline", () => {
  const AGENT = told(
    {
      eventId: id("a"),
      kind: "agent",
      name: "invoke_agent",
      usageRole: "rollup",
      startNs: ns(0),
      endNs: ns(40),
      tokens: tokens(100, 20),
    },
    "900",
  );
  const MODEL = told(
    {
      eventId: id("b"),
      parentEventId: id("a"),
      kind: "llm",
      model: "m-1",
      startNs: ns(1),
      endNs: ns(5),
      tokens: tokens(100, 20, 80),
    },
    "71700000",
  );

  test("has decisions, the spans in which they ran and what became of them, in order of time", () => {
    const ran = told(
      {
        eventId: id("c"),
        parentEventId: id("a"),
        kind: "tool",
        startNs: ns(10),
        endNs: ns(12),
        tool: { name: "delete_contacts", callId: null, args: {} },
      },
      null,
      uuid(1),
    );
    const outcome = {
      outcome: "success",
      claimed: "success",
      faults: [],
      cost_usd: "0.004",
      tokens: null,
      latency_ms: 3,
      effect: null,
      at: at(13),
    };
    const story = tellRun(known({ steps: [step(1, 9, { outcome })], events: [ran, MODEL, AGENT] }));
    expect(kinds(story)).toEqual(["agent", "model", "decision", "outcome"]);
    expect(story.rows[2]).toMatchObject({ depth: 1, endAt: at(12).toISOString(), told: { ran: true } });
    expect(story.figures).toMatchObject({ decisions: 1, allowed: 1, toolCalls: 1, ungoverned: 0, unreported: 0 });
  });

  test("shows on the decision's row how its call failed, and says it once", () => {
    const error = { type: "http_503", message: "The service did not answer." };
    const tool = { name: "delete_contacts", callId: null, args: {} };
    const ran = told({ eventId: id("c"), kind: "tool", startNs: ns(10), endNs: ns(12), error, tool }, null, uuid(1));
    const failed = {
      outcome: "error",
      claimed: "error",
      faults: [],
      cost_usd: "0",
      tokens: null,
      latency_ms: 3,
      effect: null,
    };
    const outcome = { ...failed, at: at(13) };
    const story = tellRun(known({ steps: [step(1, 9, { outcome })], events: [ran] }));
    expect(story.rows[0]).toMatchObject({ error, fault: true, told: { kind: "decision", ran: true } });
    expect(story.figures.errors).toBe(1);
    expect(sayRun(story).map(({ text }) => text)).toEqual(["delete_contacts failed with http_503."]);
    const unseen = tellRun(known({ steps: [step(1, 9, { outcome })] }));
    expect(sayRun(unseen).map(({ text }) => text)).toEqual(["delete_contacts ended with error."]);
  });

  test("says a sentence of a name of any length by its two ends", () => {
    const tool = { name: "x".repeat(5_000), callId: null, args: {} };
    const ran = told({ eventId: id("c"), kind: "tool", startNs: ns(10), endNs: ns(12), error: null, tool }, null, null);
    const [said] = sayRun(tellRun(known({ steps: [], events: [ran] })));
    expect(said?.text).toMatch(/^x{300} … x{76} ran without a decision\.$/);
  });

  test("counts a rollup's usage only where nothing below it carries any", () => {
    expect(tellRun(known({ events: [AGENT, MODEL] })).figures).toMatchObject({
      modelCalls: 1,
      input: 100,
      output: 20,
      costUsd: "0.0000717",
      unpriced: 0,
    });
    expect(tellRun(known({ events: [AGENT] })).figures).toMatchObject({ modelCalls: 1, input: 100 });
    expect(tellRun(known({ events: [AGENT, MODEL] })).rows[0]?.costUsd).toBeNull();
  });

  test("never takes an unknown price for none", () => {
    const unpriced = told({ eventId: id("d"), kind: "llm", tokens: tokens(5, 5) });
    expect(tellRun(known({ events: [MODEL, unpriced] })).figures).toMatchObject({
      modelCalls: 2,
      unpriced: 1,
      costUsd: "0.0000717",
    });
  });

  test("says which calls ran without a decision, and not of calls that were not looked for yet", () => {
    const call = (digit: string, decision: string | null | undefined) =>
      told(
        { eventId: id(digit), kind: "tool", startNs: ns(20), tool: { name: "merge", callId: null, args: null } },
        null,
        decision,
      );
    const story = tellRun(known({ events: [call("e", null), call("f", undefined)] }));
    expect(story.rows.map(({ told: row, fault }) => [row.kind === "tool" && row.governed, fault])).toEqual([
      ["ungoverned", true],
      ["unknown", false],
    ]);
    expect(sayRun(story)).toEqual([{ text: "merge ran without a decision.", row: `span-${TRACE}-${id("e")}` }]);
  });

  test("says which call ran with other arguments than allowed, on the call and on its decision", () => {
    const tool = { name: "delete_contacts", callId: null, args: { ids: [1, 2, 3] } };
    const ran = told({ eventId: id("e"), kind: "tool", startNs: ns(20), tool }, null, null, uuid(1));
    const bare = told({ eventId: id("f"), kind: "tool", startNs: ns(30), tool }, null, null);
    const story = tellRun(known({ steps: [step(1, 10)], events: [ran, bare] }));
    const row = `span-${TRACE}-${id("e")}`;
    expect(story.rows.find(({ id: of }) => of === uuid(1))).toMatchObject({ fault: true, told: { ranOtherwise: row } });
    expect(story.rows.find(({ id: of }) => of === row)).toMatchObject({ fault: true, told: { differsFrom: uuid(1) } });
    expect(story.figures.ungoverned).toBe(2);
    expect(sayRun(story).map(({ text }) => text)).toEqual([
      "delete_contacts ran with other arguments than allowed.",
      "delete_contacts ran without a decision.",
    ]);
  });

  test("shows what never arrived as a row of its own, whatever hangs on it", () => {
    const orphans = ["1", "2", "3"].map((digit) =>
      told({ eventId: id(digit), parentEventId: id("9"), kind: "chain", startNs: ns(30) }),
    );
    const story = tellRun(known({ events: orphans }));
    expect(story.rows.filter(({ told: row }) => row.kind === "gap")).toMatchObject([
      { told: { events: 3, parent: id("9") } },
    ]);
    expect(story.rows).toHaveLength(4);
    expect(story.figures.gaps).toBe(1);
  });

  test("tells who was asked, what they answered and how long that took", () => {
    const approval = { id: uuid(7), state: "denied", expires_at: at(500), settled_at: at(192) };
    const asked = step(2, 10, { verdict: "require_approval", approval, reasons: [] });
    const votes = new Map([[uuid(7), [{ name: "Mara Holm", verdict: "deny", note: "outside the request" }]]]);
    const story = tellRun(known({ steps: [asked], votes }));
    expect(kinds(story)).toEqual(["decision", "review"]);
    expect(story.figures.waitedMs).toBe(182_000);
    expect(sayRun(story)[0]?.text).toBe("Mara Holm denied a call after 3 m 02 s.");
  });

  test("says what was done beside what was approved, by whom", () => {
    const approval = { id: uuid(7), state: "consumed", expires_at: at(500), settled_at: at(90) };
    const effect = { rows: 34, compared: true, differs: [{ what: "rows", allowed: 31, actual: 34 }] };
    const outcome = { outcome: "success", claimed: "success", faults: [], cost_usd: null, tokens: null, latency_ms: 3 };
    const used = step(3, 100, { approval, outcome: { ...outcome, effect, at: at(101) } });
    const votes = new Map([[uuid(7), [{ name: "Mara Holm", verdict: "approve", note: "" }]]]);
    const story = tellRun(known({ steps: [used], votes }));
    const differs = ["Mara Holm approved 31 rows. 34 were changed."];
    expect(story.rows.at(-1)).toMatchObject({ fault: true, told: { kind: "outcome", differs } });
    expect(sayRun(story).map(({ text }) => text)).toEqual([`delete_contacts: ${differs[0]}`]);
  });

  test("ends as the run did", () => {
    const halted = { ...known({}).run, state: "halted", halted_reason: "execution.max_steps" } as const;
    const refused = step(1, 1, {
      verdict: "halt",
      reasons: [{ code: "max_steps", message: "Too many steps.", path: "" }],
    });
    const story = tellRun(known({ run: halted, steps: [refused] }));
    expect(story.rows.at(-1)).toMatchObject({
      fault: true,
      told: { kind: "end", reason: "The run was halted (execution.max_steps)." },
    });
    expect(sayRun(story).map(({ text }) => text)).toEqual([
      "The run was halted (execution.max_steps).",
      "delete_contacts was refused: Too many steps.",
    ]);
    expect(tellRun(known({})).rows).toEqual([]);
  });
});

describe("end-user feedback", () => {
  const feedback = (n: number, seconds: number, over: Partial<RunFeedback> = {}): RunFeedback => ({
    id: uuid(n),
    at: at(seconds),
    agent: "support",
    key_hint: "9f3a",
    trace_id: null,
    event_id: null,
    user: null,
    rating: -1,
    label: null,
    comment: null,
    correction: null,
    ...over,
  });
  const call = (digit: string, decision: string | undefined) =>
    told(
      { eventId: id(digit), kind: "tool", startNs: ns(10), tool: { name: "merge", callId: null, args: null } },
      null,
      decision,
    );
  const ids = (story: ReturnType<typeof tellRun>) => story.rows.map(({ id: row }) => row);

  test("stands below what it is about: a span, the decision whose call it was, or at its own time", () => {
    const story = tellRun(
      known({
        run: { ...known({}).run, state: "ended", ended_at: at(50), ended_reason: "idle" },
        steps: [step(1, 9)],
        events: [call("c", uuid(1)), call("e", undefined)],
        feedback: [
          feedback(14, 60),
          feedback(13, 5),
          feedback(12, 40, { trace_id: TRACE, event_id: id("c") }),
          feedback(11, 41, { trace_id: TRACE, event_id: id("e") }),
        ],
      }),
    );
    expect(ids(story)).toEqual([
      `feedback-${uuid(13)}`,
      uuid(1),
      `feedback-${uuid(12)}`,
      `outcome-${uuid(1)}`,
      `span-${TRACE}-${id("e")}`,
      `feedback-${uuid(11)}`,
      `end-${uuid(99)}`,
      `feedback-${uuid(14)}`,
    ]);
    expect(story.rows.find(({ id: row }) => row === `feedback-${uuid(12)}`)).toMatchObject({
      depth: 1,
      fault: true,
      told: { kind: "feedback", about: "event", rating: -1, agent: "support" },
    });
  });

  test("on a span that never arrived is told at its own time, and praise is not a fault", () => {
    const lost = feedback(11, 20, { trace_id: TRACE, event_id: id("9"), rating: 0.5 });
    const story = tellRun(known({ steps: [step(1, 9)], feedback: [lost] }));
    expect(story.rows.at(-1)).toMatchObject({ id: `feedback-${uuid(11)}`, fault: false });
    expect(sayRun(story)).toEqual([]);
  });

  test("that is bad is said once, with how much there is of it", () => {
    const story = tellRun(known({ feedback: [feedback(11, 5), feedback(12, 6, { rating: null, correction: "C-9" })] }));
    expect(sayRun(story)).toEqual([
      { text: "End-user feedback: rated −1. 2 bad reports in all.", row: `feedback-${uuid(11)}` },
    ]);
  });
});

describe("a page of a run's timeline", () => {
  const many = tellRun(
    known({
      events: Array.from({ length: 10_000 }, (_, index) =>
        told({
          eventId: index.toString(16).padStart(16, "0"),
          kind: "retrieval",
          startNs: ns(index / 100),
          retrieval: { index: "kb", docIds: [`KB-${index}`], asOf: [null] },
          error: index === 9_000 ? { type: "Timeout", message: null } : null,
        }),
      ),
    }),
  );

  test("has a bounded number of rows, one scale for all, and the way to the next fault", () => {
    const page = pageOfStory(many.rows, { from: 0, find: "", only: null });
    expect(page.rows).toHaveLength(STORY_ROWS);
    expect(page).toMatchObject({ matching: 10_000, all: 10_000, nextFault: { index: 9_000 } });
    expect(page.range).toEqual({ from: at(0).toISOString(), to: at(99.99).toISOString() });
  });

  test("is narrowed to faults, or to rows that hold a text", () => {
    expect(pageOfStory(many.rows, { from: 0, find: "", only: "faults" })).toMatchObject({ matching: 1, all: 10_000 });
    expect(pageOfStory(many.rows, { from: 0, find: "kb-4711", only: null }).matching).toBe(1);
    expect(pageOfStory(many.rows, { from: 0, find: "nowhere", only: null }).rows).toEqual([]);
  });
});
