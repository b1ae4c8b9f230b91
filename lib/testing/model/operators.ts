import assert from "node:assert/strict";

import fc from "fast-check";
import { z } from "zod";

import { SUPPORT_TOOLS } from "../client";
import { resumeStopAs } from "../resume";
import { command } from "./command";
import { type Bounds, EMAIL, READ, supersedeInModel, UPDATE } from "./expected";
import { manifestOf, runIdOf, type World } from "./world";

/** The bounds the model's agent begins with; the other manifest is narrower. */
export const WIDE: Bounds = { steps: 12, cents: 60 };
const NARROW: Bounds = { steps: 6, cents: 25 };

const stop = (body: object) => async (world: World) => {
  const { status, body: answer } = await world.ask(1, "/api/v1/stops", world.admin, { ...body, reason: "drill" });
  return { status, id: String(answer["stop_id"]) };
};

/** A stop of any scope. */
export const anyStop = fc.constantFrom("workspace", "agent", "run").map((scope) =>
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
      if (!run.isHalted) run.askedHalted = 0;
      run.isHalted = true;
    }
  }),
);

/** The end of a stop, by as many people as it takes. */
export const anyResume = fc.constantFrom("workspace", "agent", "run").map((scope) =>
  command(`resume the ${scope}`, async (model, world) => {
    const url = world.urls[0] ?? "";
    const end = (id: string) => resumeStopAs(world.history, url, id, [world.admin, world.operator]);
    if (scope === "workspace" && model.stops[0]) {
      assert.equal(await end(model.stops[0]), 200);
      model.stops.shift();
      if (model.stops.length > 0) return;
      // Coming back in steps has tests of its own; here it is confirmed at once.
      const confirmed = await world.ask(1, "/api/v1/stops/recovery", world.operator, { note: "read and fine" });
      assert.equal(confirmed.status, 200);
    } else if (scope === "agent" && model.agentStop) {
      assert.equal(await end(model.agentStop), 200);
      [model.status, model.agentStop] = ["active", null];
    } else if (scope === "run" && model.runStops[0]) {
      // Whether people may let a run go on is theirs to say; that it does not go on without them is what is checked.
      const [{ id, run }] = [model.runStops[0]];
      if ((await end(id)) !== 200) return;
      model.runStops.shift();
      const halted = model.runs.get(run);
      if (!halted) return;
      halted.isHalted = false;
      halted.extra += halted.askedHalted;
    }
  }),
);

/** The agent is suspended or brought back by hand. */
export const anyStatus = fc.constantFrom("active" as const, "active" as const, "suspended" as const).map((status) =>
  command(`set the agent ${status}`, async (model, world) => {
    const answer = await world.ask(0, `/api/v1/agents/${world.handle}`, world.admin, { status }, { method: "PATCH" });
    const isHeld = status === "active" && model.agentStop !== null;
    assert.equal(answer.status, isHeld ? 409 : 200);
    if (!isHeld) model.status = status;
  }),
);

/** The agent moves between levels. */
export const anyLevel = fc.constantFrom(2 as const, 3 as const).map((level) =>
  command(`level ${level}`, async (model, world) => {
    const body = { level, reason: "drill" };
    const target = `/api/v1/agents/${world.handle}/level`;
    const isRaise = level > model.level;
    const { status } = await world.ask(1, target, world.admin, body, { method: "PUT" });
    assert.equal(status, isRaise ? 202 : 200);
    if (isRaise) {
      const second = await world.ask(0, target, world.operator, body, { method: "PUT" });
      assert.equal(second.status, 200);
    }
    model.level = level;
  }),
);

/** A new key, and the old one is worth nothing at once on any replica. */
export const revoke = command("revoke the key", async (_model, world) => {
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

/** Another version; a widening takes a second person. */
export const anyManifest = fc.constantFrom(WIDE, NARROW).map((bounds) =>
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

/** Another definition of a tool. */
export const anyTool = fc.constantFrom(EMAIL, UPDATE).map((tool) =>
  command(`change ${tool}`, async (model, world) => {
    const generation = (model.generations.get(tool) ?? 0) + 1;
    const entry = SUPPORT_TOOLS.find(({ name }) => name === tool);
    const body = { ...entry, description: `Definition ${generation}.` };
    assert.equal((await world.ask(1, "/api/v1/tools", world.admin, body)).status, 201);
    model.generations.set(tool, generation);
    supersedeInModel(model, tool);
  }),
);
