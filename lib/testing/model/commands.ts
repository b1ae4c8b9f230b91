import assert from "node:assert/strict";

import fc from "fast-check";
import { z } from "zod";

import { SUPPORT_TOOLS } from "../client";
import { resumeStopAs } from "../resume";
import { decideBoth } from "./decisions";
import {
  BLOCKED,
  type Bounds,
  EMAIL,
  type Expected,
  type ModelCall,
  READ,
  settleInModel,
  supersedeInModel,
  UNKNOWN,
  UPDATE,
  voteInModel,
} from "./expected";
import { expireNow, manifestOf, runIdOf, type World } from "./world";

type Command = fc.AsyncCommand<Expected, World>;

function command(
  name: string,
  run: (model: Expected, world: World) => Promise<void>,
  check: (model: Readonly<Expected>) => boolean = () => true,
): Command {
  return { run, check, toString: () => name };
}

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

export const WIDE: Bounds = { steps: 12, cents: 60 };
const NARROW: Bounds = { steps: 6, cents: 25 };

const anyCall: fc.Arbitrary<ModelCall> = fc
  .tuple(
    fc.constantFrom(READ, READ, UPDATE, EMAIL, EMAIL, BLOCKED, UNKNOWN),
    fc.constantFrom("open", "closed", "archived"),
    fc.constantFrom("r1", "r2", "r3"),
    fc.constantFrom(0, 0, 5, 20),
  )
  .map(([tool, arg, run, cents]) => ({ tool, arg: tool === EMAIL ? `${arg}@example.com` : arg, run, cents }));

const anyDecision = fc
  .tuple(anyCall, fc.constantFrom(1, 1, 1, 2, 3), fc.boolean())
  .map(([call, times, isKeyed]) =>
    command(`decide ${JSON.stringify(call)} ×${times}${isKeyed ? " with a key" : ""}`, (model, world) =>
      decideBoth(model, world, { call, times, isKeyed }),
    ),
  );

const anyRepeat = fc.tuple(fc.nat(20), fc.nat(1), fc.boolean()).map(([index, replica, isOther]) =>
  command(
    `repeat ${index} on replica ${replica}${isOther ? " with another body" : ""}`,
    async (model, world) => {
      const known = at(model.keyed, index);
      if (!known) return;
      const body = isOther ? { ...known.body, call_id: "other" } : known.body;
      const headers = { "idempotency-key": known.key };
      const answer = await world.ask(replica, "/api/v1/decisions", world.key, body, { headers });
      if (isOther) assert.equal(answer.status, 422);
      else assert.deepEqual(answer, { status: 200, body: known.answer });
    },
    (model) => model.keyed.length > 0,
  ),
);

const VoteVerdict = z.enum(["approve", "deny", "return"]);
const anyVote = fc
  .tuple(
    fc.nat(20),
    fc.nat(2),
    fc.constantFrom<z.infer<typeof VoteVerdict>>("approve", "approve", "approve", "deny", "return"),
  )
  .map(([index, who, verdict]) =>
    command(
      `vote ${verdict} on ${index} by ${who}`,
      async (model, world) => {
        const approval = at(model.approvals, index);
        const token = world.voters[who] ?? "";
        const shown = await world.ask(index, `/api/v1/approvals/${approval?.id}`, token);
        const vote = { verdict, display_digest: shown.body["display_digest"], note: "Read the whole letter." };
        const answer = await world.ask(who, `/api/v1/approvals/${approval?.id}/votes`, token, vote);
        assert.equal(answer.status, approval && voteInModel(model, approval, { who, isDri: who === 2, verdict }));
        if (answer.status === 200) assert.equal(answer.body["state"], approval?.state);
      },
      (model) => model.approvals.length > 0,
    ),
  );

const anyUse = fc.tuple(fc.nat(20), fc.constantFrom(1, 2), fc.nat(9)).map(([index, times, dice]) =>
  command(
    `use approval ${index} ×${times}${dice === 0 ? " for something else" : ""}`,
    async (model, world) => {
      const approval = at(model.approvals, index);
      if (!approval) return;
      const call = { ...approval.call, ...(dice === 0 && { arg: "closed" }) };
      await decideBoth(model, world, { call, approvalId: approval.id, times, isKeyed: false });
    },
    (model) => model.approvals.length > 0,
  ),
);

const anyWithdrawal = fc.nat(20).map((index) =>
  command(
    `withdraw ${index}`,
    async (model, world) => {
      const approval = at(model.approvals, index);
      if (!approval) return;
      const answer = await world.ask(index, `/api/v1/approvals/${approval.id}/withdraw`, world.key, undefined, {
        method: "POST",
      });
      const isFine = ["waiting", "approved", "withdrawn"].includes(approval.state);
      assert.equal(answer.status, isFine ? 200 : 409);
      if (isFine) approval.state = "withdrawn";
    },
    (model) => model.approvals.length > 0,
  ),
);

const anyExpiry = fc.nat(20).map((index) =>
  command(
    `let the time of ${index} be up`,
    async (model, world) => {
      const approval = at(model.approvals, index);
      if (!approval || approval.isKeyed || !["waiting", "approved"].includes(approval.state)) return;
      await expireNow(world, approval.id);
      approval.state = "expired";
    },
    (model) => model.approvals.length > 0,
  ),
);

const anyOutcome = fc
  .tuple(
    fc.nat(30),
    fc.constantFrom("success", "success", "error"),
    fc.constantFrom(null, 0, 3, 30),
    fc.constantFrom(1, 2),
  )
  .map(([index, claimed, cents, times]) =>
    command(
      `report ${claimed} of ${index} at ${cents} cents ×${times}`,
      async (model, world) => {
        const allow = at(model.allowed, index);
        if (!allow) return;
        const report = { outcome: claimed, ...(cents !== null && { cost_usd: cents / 100 }) };
        const answers = await Promise.all(
          Array.from({ length: times }, (_, each) =>
            world.ask(each, `/api/v1/decisions/${allow.id}/outcome`, world.key, report),
          ),
        );
        const wanted = settleInModel(model, allow, claimed, cents) ? 201 : 409;
        for (const answer of answers) assert.equal(answer.status, wanted);
      },
      (model) => model.allowed.length > 0,
    ),
  );

const stop = (body: object) => async (world: World) => {
  const { status, body: answer } = await world.ask(1, "/api/v1/stops", world.admin, { ...body, reason: "drill" });
  return { status, id: String(answer["stop_id"]) };
};

const anyStop = fc.constantFrom("workspace", "agent", "run").map((scope) =>
  command(`stop the ${scope}`, async (model, world) => {
    if (scope === "workspace") {
      model.stops.push((await stop({ scope })(world)).id);
    } else if (scope === "agent") {
      const { status, id } = await stop({ scope, id: world.handle })(world);
      assert.equal(status, model.status === "active" ? 201 : 404);
      if (model.status === "active") [model.status, model.agentStop] = ["suspended", id];
    } else {
      const run = model.runs.get("r1");
      if (!run) return;
      const { status, id } = await stop({ scope, id: await runIdOf(world, "r1") })(world);
      assert.equal(status, run.isHalted ? 404 : 201);
      if (!run.isHalted) model.runStops.push({ id, run: "r1" });
      run.isHalted = true;
    }
  }),
);

const anyResume = fc.constantFrom("workspace", "agent", "run").map((scope) =>
  command(`resume the ${scope}`, async (model, world) => {
    const url = world.urls[0] ?? "";
    const end = (id: string) => resumeStopAs(world.history, url, id, [world.admin, world.operator]);
    if (scope === "workspace" && model.stops[0]) {
      assert.equal(await end(model.stops[0]), 200);
      model.stops.shift();
    } else if (scope === "agent" && model.agentStop) {
      assert.equal(await end(model.agentStop), 200);
      [model.status, model.agentStop] = ["active", null];
    } else if (scope === "run" && model.runStops[0]) {
      // Whether people may let a run go on is theirs to say; that it does not go on without them is what is checked.
      const [{ id, run }] = [model.runStops[0]];
      if ((await end(id)) !== 200) return;
      model.runStops.shift();
      const halted = model.runs.get(run);
      if (halted) halted.isHalted = false;
    }
  }),
);

const anyStatus = fc.constantFrom("active" as const, "suspended" as const).map((status) =>
  command(`set the agent ${status}`, async (model, world) => {
    const answer = await world.ask(0, `/api/v1/agents/${world.handle}`, world.admin, { status }, { method: "PATCH" });
    const isHeld = status === "active" && model.agentStop !== null;
    assert.equal(answer.status, isHeld ? 409 : 200);
    if (!isHeld) model.status = status;
  }),
);

const anyLevel = fc.constantFrom(2 as const, 3 as const).map((level) =>
  command(`level ${level}`, async (model, world) => {
    const body = { level, reason: "drill" };
    const { status } = await world.ask(1, `/api/v1/agents/${world.handle}/level`, world.admin, body, { method: "PUT" });
    assert.equal(status, 200);
    model.level = level;
  }),
);

const revoke = command("revoke the key", async (_model, world) => {
  const base = `/api/v1/agents/${world.handle}/credentials`;
  const made = await world.ask(0, base, world.admin, { days: 1 });
  const gone = await world.ask(1, `${base}/${world.credential}`, world.admin, undefined, { method: "DELETE" });
  assert.deepEqual([made.status, gone.status], [201, 200]);
  const late = await Promise.all(
    [0, 1].map((replica) =>
      world.ask(replica, "/api/v1/decisions", world.key, { session_id: "s", run_id: "r1", tool: READ, args: {} }),
    ),
  );
  assert.deepEqual(
    late.map(({ status }) => status),
    [401, 401],
  );
  world.key = String(made.body["key"]);
  world.credential = String(made.body["credential_id"]);
});

const anyManifest = fc.constantFrom(WIDE, NARROW).map((bounds) =>
  command(`publish ${JSON.stringify(bounds)}`, async (model, world) => {
    const base = `/api/v1/agents/${world.handle}/manifests`;
    const body = { manifest: manifestOf(world.handle, bounds) };
    const answer = await world.ask(0, `${base}?publish=true`, world.admin, body);
    const isWider = bounds.steps > model.bounds.steps;
    assert.equal(answer.status, isWider ? 202 : 201);
    model.version = z.int().parse(answer.body["version"]);
    if (isWider) {
      const target = `${base}/${model.version}/publish`;
      const confirmed = await world.ask(1, target, world.operator, undefined, { method: "POST" });
      assert.equal(confirmed.status, 200);
    }
    model.bounds = bounds;
    supersedeInModel(model, null);
  }),
);

const anyTool = fc.constantFrom(EMAIL, UPDATE).map((tool) =>
  command(`change ${tool}`, async (model, world) => {
    const generation = (model.generations.get(tool) ?? 0) + 1;
    const entry = SUPPORT_TOOLS.find(({ name }) => name === tool);
    const body = { ...entry, description: `Definition ${generation}.` };
    assert.equal((await world.ask(1, "/api/v1/tools", world.admin, body)).status, 201);
    model.generations.set(tool, generation);
    supersedeInModel(model, tool);
  }),
);

/** Sequences of everything agents, reviewers, operators and time may do, calls and votes far more often than the rest. */
export const anyCommands = (length: number): fc.Arbitrary<Iterable<Command>> =>
  fc.commands<Expected, World, false>(
    Array<fc.Arbitrary<Command>>().concat(
      [anyDecision, anyDecision, anyDecision, anyDecision, anyVote, anyVote, anyVote, anyUse, anyUse],
      [anyOutcome, anyOutcome, anyRepeat, anyWithdrawal, anyExpiry, anyStop, anyResume, anyResume, anyStatus],
      [anyLevel, fc.constant(revoke), anyManifest, anyTool],
    ),
    { maxCommands: length, size: "max" },
  );
