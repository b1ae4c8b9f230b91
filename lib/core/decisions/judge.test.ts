import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { CompiledManifest } from "@/lib/core/manifests/compile";
import {
  actionOf,
  askedCall,
  compiledWith,
  judgeBatch,
  type JudgedMade,
  type Made,
  nothingStored,
  opened,
  SHARED,
  standingOf,
  type Stored,
} from "@/lib/testing/judged-batches";
import { SECONDS, standingApproval, standingDependency, standingRun } from "@/lib/testing/standing";

import { type Judgement, placeOf } from "./batch";
import { judge, NEEDS_HISTORY } from "./judge";
import type { StandingApproval, StandingAsking, StandingRun } from "./standing";

const LOOSE = compiledWith("");
const TIGHT = compiledWith(
  `
execution:
  {max_steps: 6, max_cost_usd: 0.5, daily_cost_usd: 0.8, daily_tokens: 100, warn_at: 0.5, max_retries_per_action: 1,
   circuit_breaker: {failures: 2, cool_down_seconds: 60}, loop: {repeats: 2}}
sequences:
  - {name: many reads, count: {tool: read_a, over: 2}, within: session, decide: deny}
  - {name: write after read, after: {tool: read_a}, then: {tool: write_b}, within: run, decide: require_approval}`,
  ", limits: {per_run: 2, per_hour: 3}",
);
const RISKY = compiledWith("risk: {require_approval_at: 5}\nexecution: {max_cost_usd: 0.5}");
const COUNTED = compiledWith(
  `
execution: {daily_cost_usd: 0.8}
sequences:
  - {name: write after read, after: {tool: read_a}, then: {tool: write_b}, within: session, decide: require_approval}`,
  ", limits: {per_run: 2}",
);
const ELEVATED = compiledWith("risk: {weights: {environment: 20}}");
const MANIFESTS = { LOOSE, TIGHT, RISKY, COUNTED };

const asking = (changes: Partial<StandingAsking> = {}): StandingAsking => ({
  repeatSeconds: 3_600,
  most: 2,
  waiting: 0,
  since: null,
  refused: 0,
  pausedUntil: null,
  ...changes,
});

const AGENTS = ["agent-1", "agent-2"];
const ARGS = [{ to: "x@a.example" }, { to: "y@b.example", env: "prod" }] as const;
const SEND = { tool: "send_c", args: ARGS[0] } as const;

/** Two agents whose requests, days and breakers stand in different ways, and approvals of every kind. */
function filled(): Stored {
  const stored = nothingStored();
  for (const agent of AGENTS) {
    stored.days.set(agent, { costMicros: 100_000, tokens: 10, incidents: [] });
    stored.asking.set(agent, asking());
    stored.breakers.set(placeOf(agent, "read_a"), { failures: 2, failedAt: SECONDS - 61, trialAt: null });
    stored.breakers.set(placeOf(agent, "write_b"), { failures: 1, failedAt: SECONDS - 1, trialAt: null });
    const about = { agent, action: actionOf(SEND), base: "b1" };
    for (const changes of [
      { ...about, id: `good of ${agent}` },
      { ...about, id: `moved of ${agent}`, baseMoved: true },
      { ...about, id: `waiting of ${agent}`, state: "waiting" as const, action: actionOf({ ...SEND, args: ARGS[1] }) },
      { ...about, id: `late of ${agent}`, state: "waiting" as const, expiresAt: SECONDS - 1 },
    ])
      stored.approvals.set(changes.id, standingApproval(changes));
    stored.refusals.set(placeOf(agent, actionOf({ tool: "send_c" })), {
      verdict: "denied",
      at: SECONDS - 9,
      note: "no",
    });
    const id = `${agent} session r2`;
    stored.runs.set(id, standingRun({ id, session: `${agent} session`, steps: 3, costMicros: 300_000, asked: 1 }));
    stored.failed.set(placeOf(id, actionOf({ tool: "write_b" })), 2);
  }
  return stored;
}

const anyMade: fc.Arbitrary<Made> = fc.record({
  agent: fc.constantFrom(...AGENTS),
  run: fc.constantFrom("r1", "r2"),
  session: fc.constantFrom("session", "session", "other"),
  tool: fc.constantFrom("read_a", "write_b", "write_b", "send_c", "send_c", "send_c", "other"),
  args: fc.constantFrom({}, ...ARGS),
  usd: fc.constantFrom(0, 0, 0.1, 0.3),
  tokens: fc.constantFrom(0, 0, 20, 60),
  base: fc.constantFrom(null, "b1", "b2"),
  shown: fc.constantFrom("shown", "shown", "more"),
  names: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ...["good", "moved", "waiting", "late"].flatMap((kind) => AGENTS.map((agent) => `${kind} of ${agent}`)),
        "nowhere",
      ),
    },
  ),
});
/** A call that may use the approval it names. */
const anyUse: fc.Arbitrary<Made> = fc
  .constantFrom(...AGENTS)
  .map((agent) => ({ agent, run: "r1", ...SEND, base: "b1", names: `good of ${agent}` }));
// Some calls are made again at once, so that loops and counts come up.
const anyCalls = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 6, arbitrary: anyMade }, { weight: 1, arbitrary: anyUse }),
      fc.constantFrom(1, 1, 1, 2, 4),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((made) => made.flatMap(([one, times]) => Array.from({ length: times }, () => one)).slice(0, 14));
// By name, so that a counterexample can be read.
const anyManifest = fc.constantFrom(...(["LOOSE", "TIGHT", "RISKY", "COUNTED"] as const));

/** What is told of a call, with other requests by their ids. */
const told = ({ judgement, standing }: JudgedMade) => {
  const { decision, asked, used, moved, flood, facts } = judgement;
  const { verdict, rule, reasons, risk } = decision;
  return {
    ...judgement,
    facts: { asking: facts.asking, approval: facts.approval, tallies: facts.tallies, reach: facts.reach },
    decision: { verdict, rule, reasons: reasons.map(({ message }) => message), score: risk.score },
    asked:
      asked?.kind === "opened"
        ? {
            ...asked,
            superseded: asked.superseded.map(({ approval }) => approval.id),
            expired: asked.expired?.id ?? null,
          }
        : asked,
    used: used?.id ?? null,
    moved: moved?.id ?? null,
    flood: flood && flood.isPaused,
    run: { ...judgement.run, id: standing.run.id },
  };
};

const withoutNewId = ({ asked, ...rest }: ReturnType<typeof told>) => ({ ...rest, asked: asked?.kind ?? null });

/** The same, and a system that both agents share is down and may be tried. */
function failing(): Stored {
  const stored = filled();
  stored.dependencies.set(SHARED, standingDependency({ failures: 10, failedAt: SECONDS - 61 }));
  return stored;
}

/** What can come of a call, each of which the sample must contain. */
const KINDS = new Set([
  "allow",
  "deny",
  "halt",
  "require_approval",
  "joined",
  "opened",
  "superseded",
  "expired",
  "used",
  "moved",
  "trial",
  "paused",
  "warning",
  "incident",
  "max_steps",
  "max_cost_usd",
  "daily_cost_usd",
  "daily_tokens",
  "loop",
  "run_halted",
  "circuit_breaker",
  "dependency_breaker",
  "dependency trial",
  "max_retries_per_action",
  "limit_per_run",
  "sequence",
  "approval_consumed",
  "approval_base_moved",
  "approval_backlog",
  "approval_paused",
  "repeat_of_denied",
]);

function kindsOf(judgement: Judgement): string[] {
  const { decision, asked, used, moved, takesTrial, dependencyTrial, flood, warnings, halt } = judgement;
  const isOpened = asked?.kind === "opened";
  return [
    decision.verdict,
    decision.reasons[0]?.code ?? "",
    asked?.kind ?? "",
    isOpened && asked.superseded.length > 0 ? "superseded" : "",
    isOpened && asked.expired !== null ? "expired" : "",
    used === null ? "" : "used",
    moved === null ? "" : "moved",
    takesTrial ? "trial" : "",
    dependencyTrial === null ? "" : "dependency trial",
    flood?.isPaused === true ? "paused" : "",
    warnings.length > 0 ? "warning" : "",
    halt?.opensIncident === true ? "incident" : "",
  ];
}

/** Judges calls in batches of these sizes. */
function judgeIn(sizes: readonly number[], stored: Stored, compiled: CompiledManifest, calls: readonly Made[]) {
  const judged: JudgedMade[] = [];
  for (const size of sizes)
    if (judged.length < calls.length)
      judged.push(...judgeBatch(stored, compiled, calls.slice(judged.length, judged.length + size)));
  return judged;
}

describe("judging calls in batches", () => {
  test("equals judging one call a batch, in every answer and in what is stored", () => {
    const anySizes = fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 14, maxLength: 14 });
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyManifest, anyCalls, anySizes, fc.boolean(), (manifest, calls, sizes, isDown) => {
        const world = isDown ? failing : filled;
        const [together, apart] = [world(), world()];
        const answers = judgeIn(sizes, together, MANIFESTS[manifest], calls);
        const alone = calls.flatMap((call) => judgeBatch(apart, MANIFESTS[manifest], [call]));
        expect(answers.map(told)).toEqual(alone.map(told));
        expect(together).toEqual(apart);
        for (const { judgement } of alone) for (const kind of kindsOf(judgement)) seen.add(kind);
      }),
      { numRuns: 120, seed: 1 },
    );
    expect([...KINDS].filter((kind) => !seen.has(kind))).toEqual([]);
  });

  test("gives each agent what it would get alone", () => {
    fc.assert(
      fc.property(anyManifest, anyCalls, (manifest, calls) => {
        const together = judgeBatch(filled(), MANIFESTS[manifest], calls);
        for (const agent of AGENTS) {
          const own = together.filter(({ made }) => made.agent === agent);
          const alone = judgeBatch(
            filled(),
            MANIFESTS[manifest],
            calls.filter((made) => made.agent === agent),
          );
          expect(own.map(told).map(withoutNewId)).toEqual(alone.map(told).map(withoutNewId));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("takes one trial of a breaker, uses an approval once, and leaves one request a question", () => {
    fc.assert(
      fc.property(anyManifest, anyCalls, (manifest, calls) => {
        const stored = failing();
        const judged = judgeBatch(stored, MANIFESTS[manifest], calls);
        expect(judged.filter(({ judgement }) => judgement.dependencyTrial !== null).length).toBeLessThan(2);
        const trials = judged
          .filter(({ judgement }) => judgement.takesTrial)
          .map(({ made }) => placeOf(made.agent, made.tool));
        expect(new Set(trials).size).toBe(trials.length);
        const used = judged.flatMap(({ judgement }) => judgement.used?.id ?? []);
        expect(new Set(used).size).toBe(used.length);
        const waiting = [...stored.approvals.values()].filter(({ state }) => state === "waiting");
        expect(new Set(waiting.map(({ agent, action }) => placeOf(agent, action))).size).toBe(waiting.length);
        for (const { judgement, made } of judged) {
          expect(judgement.used === null || judgement.used.agent === made.agent).toBe(true);
          expect(judgement.reserves.cost.amount === 0 || judgement.decision.verdict === "allow").toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("changes nothing when the agent's history is needed, and then answers as if it had been there", () => {
    let needed = 0;
    fc.assert(
      fc.property(anyManifest, anyCalls, (manifest, calls) => {
        const compiled = MANIFESTS[manifest];
        const [stored, informed] = [filled(), filled()];
        const [batch, sure] = [opened(stored, calls), opened(informed, calls)];
        const [runs, sureRuns] = [new Map<string, StandingRun>(), new Map<string, StandingRun>()];
        for (const made of calls) {
          const known = askedCall(compiled, made, "d");
          const unknown = askedCall(compiled, made, "d", null);
          const standing = standingOf(stored, runs, unknown, made);
          const before = structuredClone({ ...batch, newId: null, standing, ids: stored.ids });
          const first = judge(unknown, standing, batch);
          if (first === NEEDS_HISTORY) {
            needed += 1;
            expect({ ...batch, newId: null, standing, ids: stored.ids }).toEqual(before);
          }
          const answer = first === NEEDS_HISTORY ? judge(known, standing, batch) : first;
          const wanted = judge(known, standingOf(informed, sureRuns, known, made), sure);
          if (answer === NEEDS_HISTORY || wanted === NEEDS_HISTORY) throw new Error("the history was given");
          if (first === NEEDS_HISTORY) expect(answer).toEqual(wanted);
          else expect(answer.decision.verdict).not.toBe("require_approval");
          // Risk counts an unknown history at its worst, so that only what asks people may differ.
          if (answer.decision.verdict !== wanted.decision.verdict) return;
        }
      }),
      { numRuns: 60 },
    );
    expect(needed).toBeGreaterThan(20);
  });
});

describe("in one batch", () => {
  const [agent] = AGENTS;
  if (agent === undefined) throw new Error("there are two agents");
  const call = (changes: Partial<Made>): Made => ({ agent, run: "r1", ...SEND, ...changes });
  const judged = (stored: Stored, calls: readonly Made[], compiled = LOOSE) =>
    judgeBatch(stored, compiled, calls).map(told);
  const asks = () => {
    const stored = nothingStored();
    stored.asking.set(agent, asking({ most: 5 }));
    return stored;
  };

  test("an equal request is joined, and counts once among those that wait", () => {
    const stored = asks();
    const [first, second, third] = judged(stored, [call({}), call({ run: "r2" }), call({ args: ARGS[1] })]);
    expect(first?.asked).toMatchObject({ kind: "opened", id: "opened-1", expiresAt: SECONDS + 300 });
    expect(second?.asked).toEqual({
      kind: "joined",
      id: "opened-1",
      expiresIso: "2026-04-08T10:05:00.000Z",
    });
    expect(third?.facts.asking).toMatchObject({ waiting: 1, joins: false });
    expect(second?.facts.asking).toMatchObject({ waiting: 1, joins: true });
  });

  test("a request that shows more takes the place of one that waits", () => {
    const stored = asks();
    const answers = judgeBatch(stored, LOOSE, [call({}), call({ shown: "more" }), call({ shown: "more" })]);
    const [, second, third] = answers.map(({ judgement }) => judgement.asked);
    expect(second).toMatchObject({ kind: "opened", superseded: [{ was: "waiting", approval: { id: "opened-1" } }] });
    expect(third).toMatchObject({ kind: "joined", id: "opened-2" });
    expect(stored.approvals.get("opened-1")?.state).toBe("superseded");
    expect(answers[2]?.judgement.facts.asking?.waiting).toBe(1);
  });

  test.each<[StandingApproval["band"], "joined" | "opened"]>([
    ["low", "opened"],
    ["elevated", "joined"],
    ["critical", "joined"],
  ])("a request of risk elevated, beside one of risk %s, is %s", (band, kind) => {
    const stored = asks();
    const action = actionOf(SEND);
    stored.approvals.set("w", standingApproval({ id: "w", agent, action, state: "waiting", band }));
    const [answer] = judgeBatch(stored, ELEVATED, [call({})]);
    expect(answer?.judgement.decision.risk.band).toBe("elevated");
    expect(answer?.judgement.asked?.kind).toBe(kind);
  });

  test("a request past its time is not joined: it expires, and the new one counts", () => {
    const stored = asks();
    const late = { id: "late", agent, action: actionOf(SEND), state: "waiting" as const, expiresAt: SECONDS };
    stored.approvals.set("late", standingApproval(late));
    const [answer] = judgeBatch(stored, LOOSE, [call({})]);
    expect(answer?.judgement.asked).toMatchObject({ kind: "opened", superseded: [], expired: { id: "late" } });
    expect(stored.approvals.get("late")?.state).toBe("expired");
  });

  test("an approval is used by the first call that names it, and by no other", () => {
    const stored = asks();
    stored.approvals.set("a", standingApproval({ id: "a", agent, action: actionOf(SEND) }));
    const answers = judgeBatch(stored, LOOSE, [
      call({ names: "a" }),
      call({ names: "a" }),
      call({ names: "a", run: "r2" }),
    ]);
    expect(answers.map(({ judgement }) => [judgement.decision.verdict, judgement.decision.reasons[0]?.code])).toEqual([
      ["allow", "approved"],
      ["deny", "approval_consumed"],
      ["deny", "approval_consumed"],
    ]);
    expect(answers.map(({ judgement }) => judgement.used?.id ?? null)).toEqual(["a", null, null]);
  });

  test("an approval whose data moved is noted once, and the next question takes its place", () => {
    const stored = asks();
    stored.approvals.set("a", standingApproval({ id: "a", agent, action: actionOf(SEND), base: "b1" }));
    const named = call({ names: "a", base: "b2" });
    const answers = judgeBatch(stored, LOOSE, [named, named, call({ base: "b2" }), named]);
    expect(answers.map(({ judgement }) => judgement.moved?.id ?? null)).toEqual(["a", null, null, null]);
    expect(answers[2]?.judgement.asked).toMatchObject({ superseded: [{ was: "approved", approval: { id: "a" } }] });
    expect(answers[3]?.judgement.decision.reasons[0]?.code).toBe("approval_superseded");
    expect(stored.approvals.get("a")).toMatchObject({ state: "superseded", baseMoved: true });
  });

  test("one call is the trial of an open breaker, and the others wait for its outcome", () => {
    const stored = nothingStored();
    stored.breakers.set(placeOf(agent, "read_a"), { failures: 2, failedAt: SECONDS - 60, trialAt: null });
    const compiled = compiledWith("execution: {circuit_breaker: {failures: 2, cool_down_seconds: 60}}");
    const reads = ["r1", "r2", "r3"].map((run) => call({ tool: "read_a", run }));
    expect(judged(stored, reads, compiled).map(({ takesTrial, decision }) => [takesTrial, decision.verdict])).toEqual([
      [true, "allow"],
      [false, "deny"],
      [false, "deny"],
    ]);
    expect(stored.breakers.get(placeOf(agent, "read_a"))?.trialAt).toBe(SECONDS);
  });

  test("one call of all agents is the trial of a system that was down", () => {
    const stored = nothingStored();
    stored.dependencies.set(SHARED, standingDependency({ failures: 12, agents: 7, failedAt: SECONDS - 60 }));
    const calls = AGENTS.flatMap((one) => [
      call({ agent: one, tool: "write_b" }),
      call({ agent: one, tool: "read_a" }),
    ]);
    const answers = judged(stored, calls, compiledWith(""));
    expect(answers.map(({ dependencyTrial, decision }) => [dependencyTrial, decision.verdict])).toEqual([
      [SHARED, "allow"],
      [null, "allow"],
      [null, "deny"],
      [null, "allow"],
    ]);
    expect(stored.dependencies.get(SHARED)?.trialAt).toBe(SECONDS);
    expect(answers[0]?.run.dependency).toMatchObject({ failures: 12, trialSecondsAgo: null });
    expect(answers[2]?.run.dependency).toMatchObject({ failures: 12, trialSecondsAgo: 0 });
    expect(answers[1]?.run).not.toHaveProperty("dependency");
  });

  test("a call that would go to people or is refused for something else is no trial", () => {
    const stored = nothingStored();
    stored.dependencies.set(SHARED, standingDependency({ failures: 12, failedAt: SECONDS - 60 }));
    const [refused] = judged(stored, [call({ tool: "write_b" })], compiledWith("execution: {max_cost_usd: 0}"));
    expect(refused).toMatchObject({ dependencyTrial: null, decision: { verdict: "halt" } });
    expect(stored.dependencies.get(SHARED)?.trialAt).toBeNull();
  });

  describe.each<[string, string, readonly boolean[]]>([
    ["the agent's day opens one incident, however many runs it halts", "daily_cost_usd: 0.1", [true, false, false]],
    ["a run opens one for each run", "max_cost_usd: 0.1", [true, true, true]],
    [
      "the agent's day opens none where nobody is to look",
      "daily_cost_usd: 0.1, on_budget_exceeded: halt",
      [false, false, false],
    ],
  ])("a bound of %s", (_name, execution, incidents) => {
    test("and every run is halted", () => {
      const stored = nothingStored();
      stored.days.set(agent, { costMicros: 0, tokens: 0, incidents: [] });
      const costly = ["r1", "r2", "r3"].map((run) => call({ tool: "read_a", run, usd: 0.2 }));
      const answers = judged(stored, costly, compiledWith(`execution: {${execution}}`));
      expect(answers.map(({ halt }) => halt?.opensIncident)).toEqual(incidents);
      expect([...stored.runs.values()].map(({ state }) => state)).toEqual(["halted", "halted", "halted"]);
    });
  });

  test("an incident of another rule does not stand for the day's", () => {
    const stored = nothingStored();
    stored.days.set(agent, { costMicros: 0, tokens: 0, incidents: ["execution.daily_tokens"] });
    const compiled = compiledWith("execution: {daily_cost_usd: 0.1, daily_tokens: 10}");
    const calls = [call({ tool: "read_a", run: "r1", usd: 0.2 }), call({ tool: "read_a", run: "r2", tokens: 20 })];
    expect(judged(stored, calls, compiled).map(({ halt }) => halt?.opensIncident)).toEqual([true, false]);
  });

  test("people are told once when a day passes its warning mark", () => {
    const stored = nothingStored();
    stored.days.set(agent, { costMicros: 300_000, tokens: 0, incidents: [] });
    const compiled = compiledWith("execution: {daily_cost_usd: 1, warn_at: 0.5}");
    const calls = [0.1, 0.1, 0.1].map((usd, at) => call({ tool: "read_a", run: `r${at}`, usd }));
    expect(judged(stored, calls, compiled).map(({ warnings }) => warnings)).toEqual([
      [],
      [{ metric: "cost_micros", used: 500_000, limit: 1_000_000 }],
      [],
    ]);
  });
});
