import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { DecisionFilter } from "@/lib/core/runs/decision";
import { RunFilter } from "@/lib/core/runs/schema";
import { DeskQuery } from "@/lib/core/approvals/schema";
import { ask } from "@/lib/testing/agent";
import { type CalibrationWorld, givenCalibrationWorld, reviewMany } from "@/lib/testing/calibration";
import { checkInvariants, sequence } from "@/lib/testing/invariants";
import { connectOwner } from "@/lib/testing/owner";

import { listApprovals } from "../approvals/list-approvals";
import { listDesk } from "../approvals/list-desk";
import { readApproval } from "../approvals/read-approval";
import { showApproval } from "../approvals/show-approval";
import { withdrawApproval } from "../approvals/withdraw-approval";
import { listDecisions } from "../decisions/list-decisions";
import { erasePayload } from "../decisions/erase-payload";
import { showDecision } from "../decisions/show-decision";
import { openIncident } from "../incidents/open-incident";
import { showAgent } from "../agents/show-agent";
import { showEvidence } from "../agents/show-evidence";
import { listRuns } from "../runs/list-runs";
import { showRun } from "../runs/show-run";
import { changeSettings } from "../workspaces/change-settings";
import { listFeedback, showCalibration } from "./show-calibration";

type Owner = Awaited<ReturnType<typeof connectOwner>>;
let owner: Owner;
beforeAll(async () => {
  owner = await connectOwner();
});
afterAll(async () => {
  await owner.end();
});

/** The shape of a value: its keys in their order, the kinds of its values and how long its texts are. */
function shapeOf(value: unknown): unknown {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Date) return "date";
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]));
  return typeof value === "string" ? `text of ${value.length}` : typeof value;
}

async function seeded(world: CalibrationWorld): Promise<string> {
  await reviewMany(world);
  const id = await world.seed();
  if (id === null) throw new Error("no item was due");
  return id;
}

describe("nobody carries out a calibration item", () => {
  let world: CalibrationWorld;
  let item: string;
  beforeAll(async () => {
    world = await givenCalibrationWorld();
    item = await seeded(world);
  }, 60_000);

  const refused = async (text: string, values: unknown[]) => {
    await owner.query("BEGIN");
    const fault: { code?: string } = await owner.query(text, values).then(
      () => ({}),
      (error: { code?: string }) => error,
    );
    await owner.query("ROLLBACK");
    return fault.code ?? "it was written";
  };
  const ws = () => world.tenant.workspaceId;
  const [FOREIGN_KEY, CHECK, PRIVILEGE] = [/^23503$/, /^23514$/, /^42501$/];

  test("the owner of the database cannot grant it", async () => {
    const insert = (executor: string) =>
      `INSERT INTO grants (id, workspace_id, approval_id, action_digest, expires_at, created_at${executor && ", executor"})
       VALUES ($1, $2, $3, 'x', now() + interval '1 hour', now()${executor && `, '${executor}'`})`;
    expect(await refused(insert(""), [randomUUID(), ws(), item])).toMatch(FOREIGN_KEY);
    expect(await refused(insert("agent"), [randomUUID(), ws(), item])).toMatch(FOREIGN_KEY);
    expect(await refused(insert("none"), [randomUUID(), ws(), item])).toMatch(CHECK);
  });

  test("the owner of the database cannot turn another grant into one for it", async () => {
    const real = await world.request();
    await world.vote(world.ada, real, "approve");
    expect(await refused("UPDATE grants SET approval_id = $1 WHERE approval_id = $2", [item, real])).toMatch(
      FOREIGN_KEY,
    );
  });

  test("the owner of the database cannot have it executed", async () => {
    const text = `INSERT INTO executions (decision_id, workspace_id, approval_id, action_digest, created_at) VALUES ($1, $2, $3, 'x', now())`;
    expect(await refused(text, [randomUUID(), ws(), item])).toMatch(FOREIGN_KEY);
  });

  test("the owner of the database cannot approve or consume it", async () => {
    expect(await refused("UPDATE approvals SET state = 'approved' WHERE id = $1", [item])).toMatch(CHECK);
    expect(await refused("UPDATE approvals SET state = 'consumed' WHERE id = $1", [item])).toMatch(CHECK);
    expect(await refused("UPDATE approvals SET consumed_by = $2 WHERE id = $1", [item, randomUUID()])).toMatch(CHECK);
  });

  test("the owner of the database cannot give it to an agent, nor take away what says that it is none's", async () => {
    expect(await refused("UPDATE approvals SET executor = 'agent' WHERE id = $1", [item])).toMatch(PRIVILEGE);
    expect(await refused("UPDATE calibration_items SET executor = 'agent' WHERE approval_id = $1", [item])).toMatch(
      /^(?:42501|23514)$/,
    );
    expect(
      await refused("UPDATE calibration_items SET approval_id = $2 WHERE approval_id = $1", [item, randomUUID()]),
    ).toMatch(PRIVILEGE);
    expect(await refused("DELETE FROM calibration_items WHERE approval_id = $1", [item])).toMatch(PRIVILEGE);
    expect(await refused("DELETE FROM approvals WHERE id = $1", [item])).toMatch(FOREIGN_KEY);
  });

  test("even without its trigger the key holds", async () => {
    expect(
      await refused(
        `DO $$ BEGIN ALTER TABLE approvals DISABLE TRIGGER executor_stays; UPDATE approvals SET executor = 'agent' WHERE id = '${item}'; END $$`,
        [],
      ),
    ).toMatch(FOREIGN_KEY);
  });

  test("its agent does not know it: not to read, not to withdraw, not to use", async () => {
    await expect(readApproval(world.agent, item)).rejects.toMatchObject({ code: "not_found" });
    await expect(withdrawApproval(world.agent, item)).rejects.toMatchObject({ code: "not_found" });
    const shown = await showApproval(world.ada, item);
    const again = { session_id: shown.display.session, run_id: shown.display.run, args: shown.display.args };
    const used = await ask(world.agent, "send_customer_email", { ...again, approval_id: item });
    expect(used.verdict).toBe("deny");
    // Asking for the very same thing opens a request of its own.
    const same = await ask(world.agent, "send_customer_email", { ...again, run_id: "another-1" });
    expect(same).toMatchObject({ verdict: "require_approval" });
    expect(same.approval?.id).not.toBe(item);
  });
});

describe("while it waits, an item is a request like any other", () => {
  let world: CalibrationWorld;
  let item: string;
  let real: string;
  beforeAll(async () => {
    world = await givenCalibrationWorld();
    item = await seeded(world);
    real = await world.request();
    await sequence(world.tenant.workspaceId);
  }, 60_000);

  test("in what is shown of it, member by member", async () => {
    const [a, b] = [await showApproval(world.ada, item), await showApproval(world.ada, real)];
    expect(shapeOf({ ...a, similar: null, record: null })).toEqual(shapeOf({ ...b, similar: null, record: null }));
    expect(a.intact).toBe(true);
    expect(a.chain.steps).toBe(b.chain.steps);
    expect(a.display).not.toHaveProperty("executor");
    // Asked for now: what the agent had read is as old as it was, not as its source is.
    const [read, asked] = [Date.parse(a.display.context[0]?.as_of ?? ""), a.approval.createdAt.getTime()];
    expect((asked - read) / 1_000).toBeGreaterThan(59);
    expect((asked - read) / 1_000).toBeLessThan(65);
  });

  test("in the answers of the API and their bytes", async () => {
    const [a, b] = [await readApproval(world.ada, item), await readApproval(world.ada, real)];
    expect(shapeOf(a)).toEqual(shapeOf(b));
    expect(Object.keys(a)).toEqual(Object.keys(b));
    expect(JSON.stringify(a)).toHaveLength(JSON.stringify(b).length);
    const { items } = await listApprovals(world.ada, { limit: 50, state: "waiting" });
    expect(items.map(({ id }) => id)).toEqual([real, item]);
    expect(shapeOf(items[1])).toEqual(shapeOf(items[0]));
  });

  test("on the desk and in its counts", async () => {
    const desk = await listDesk(world.ada, DeskQuery.parse({}));
    expect(desk.items.map(({ id }) => id).toSorted()).toEqual([item, real].toSorted());
    const [a, b] = desk.items.toSorted((x) => (x.id === item ? -1 : 1));
    expect(shapeOf(a)).toEqual(shapeOf(b));
    const { critical, high, elevated, low } = desk.lanes;
    expect(critical + high + elevated + low).toBe(2);
    const listed = (await showAgent(world.ada, "mailer")).approvals.map(({ id }) => id);
    expect(listed.toSorted()).toEqual([item, real].toSorted());
  });

  test("behind every link: decision, run, lists of both", async () => {
    const [a, b] = [await showApproval(world.ada, item), await showApproval(world.ada, real)];
    const decisions = [
      await showDecision(world.ada, a.approval.decisionId),
      await showDecision(world.ada, b.approval.decisionId),
    ];
    expect(shapeOf(decisions[0])).toEqual(shapeOf(decisions[1]));
    const runs = [await showRun(world.ada, a.approval.runId), await showRun(world.ada, b.approval.runId)];
    expect(shapeOf(runs[0])).toEqual(shapeOf(runs[1]));
    for (const step of runs[0]?.decisions ?? []) await showDecision(world.ada, step.decision_id);
    const latest = (await listDecisions(world.ada, DecisionFilter.parse({ limit: 10 }))).items;
    const rows = [a, b].map(({ approval }) => latest.find(({ id }) => id === approval.decisionId));
    expect(shapeOf(rows[0])).toEqual(shapeOf(rows[1]));
    const listed = (await listRuns(world.ada, RunFilter.parse({ limit: 10 }))).items;
    const lines = [a, b].map(({ approval }) => listed.find(({ id }) => id === approval.runId));
    expect(shapeOf(lines[0])).toEqual(shapeOf(lines[1]));
  });

  test("in the events that tell of it, and in the ids and times of its row", async () => {
    const { rows: events } = await owner.query(
      `SELECT topic, payload, id::text FROM outbox WHERE workspace_id = $1 AND (payload ->> 'approval_id' = ANY ($2) OR payload ->> 'decision_id' IN
         (SELECT decision_id::text FROM approvals WHERE id = ANY ($3))) ORDER BY xid, id`,
      [world.tenant.workspaceId, [item, real], [item, real]],
    );
    const of = (id: string, decision: string) =>
      events.filter(({ payload }) => payload.approval_id === id || payload.decision_id === decision);
    const { rows } = await owner.query("SELECT * FROM approvals WHERE id = ANY ($1) ORDER BY id = $2 DESC", [
      [item, real],
      item,
    ]);
    const [a, b] = rows;
    expect(shapeOf(of(a.id, a.decision_id))).toEqual(shapeOf(of(b.id, b.decision_id)));
    // What only the database sees is all there is between them.
    const unread = { args_digest: 0, shape_digest: 0, shown_digest: 0 }; // of what an agent repeats; an item is no agent's
    const hidden = { executor: 0, agent_run_id: 0, agent_session_id: 0, display: 0, ...unread };
    expect(shapeOf({ ...a, ...hidden })).toEqual(shapeOf({ ...b, ...hidden }));
    for (const id of [a.id, a.decision_id, a.run_id, a.session_id]) {
      expect(id[14]).toBe("7");
      const made = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
      expect(Math.abs(made - a.created_at.getTime())).toBeLessThan(1_000);
    }
  });

  test("and refusing it by its numbers does not lead to its source", async () => {
    const a = await showApproval(world.ada, item);
    const { rows } = await owner.query(
      "SELECT s.display ->> 'session' AS session, s.run_id FROM calibration_items i JOIN approvals s ON s.id = i.source_id WHERE i.approval_id = $1",
      [item],
    );
    expect(a.display.session).not.toBe(rows[0].session);
    expect(JSON.stringify(a.display)).not.toContain(String(rows[0].session).replace("ticket-", ""));
    await expect(showCalibration(world.ada, item)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("an answer", () => {
  test("is told at once with what there was to see, and leaves no vote, no grant and a seal in the ledger", async () => {
    const world = await givenCalibrationWorld();
    const item = await seeded(world);
    const answer = await world.vote(world.ada, item, "deny");
    expect(answer.calibration).toMatchObject({
      result: "caught",
      ended: "denied",
      cue: "“Not what the customer asked for”",
    });
    expect(await showCalibration(world.ada, item)).toMatchObject({ result: "caught" });
    expect(await showCalibration(world.admin, item)).toMatchObject({ result: "caught" });
    expect(await showCalibration(world.bob, item)).toBeNull();
    expect(await listFeedback(world.ada, [item])).toMatchObject([{ item, result: "caught" }]);
    expect(await listFeedback(world.bob, [item])).toEqual([]);
    const count = async (text: string) => Number((await owner.query(text, [item])).rows[0].n);
    expect(await count("SELECT count(*) AS n FROM votes WHERE approval_id = $1")).toBe(0);
    expect(await count("SELECT count(*) AS n FROM grants WHERE approval_id = $1")).toBe(0);
    expect(await count("SELECT count(*) AS n FROM stand_in_decisions WHERE item_id = $1")).toBe(0);
    const { rows } = await owner.query(
      "SELECT kind, body::jsonb -> 'details' AS details, body::jsonb -> 'actor' AS actor FROM ledger_entries WHERE body::jsonb -> 'details' ->> 'approval_id' = $1",
      [item],
    );
    expect(rows).toEqual([
      {
        kind: "calibration.settle",
        details: { approval_id: item, seal: expect.stringMatching(/^[0-9a-f]{64}$/) },
        actor: { kind: "system", job: "calibration" },
      },
    ]);
    await expect(world.vote(world.bob, item, "approve")).rejects.toMatchObject({ code: "conflict" });
    await sequence(world.tenant.workspaceId);
    expect(await checkInvariants(world.tenant.workspaceId)).toEqual([]);
  });

  test("that lets it through is a miss, and still nothing is approved", async () => {
    const world = await givenCalibrationWorld();
    const item = await seeded(world);
    expect((await world.vote(world.ada, item, "approve")).calibration).toMatchObject({ result: "missed" });
    const { rows } = await owner.query("SELECT state FROM approvals WHERE id = $1", [item]);
    expect(rows).toEqual([{ state: "withdrawn" }]);
    expect(await checkInvariants(world.tenant.workspaceId)).toEqual([]);
  });

  test("takes what approving takes: the same refusals as a real request's", async () => {
    const world = await givenCalibrationWorld();
    const item = await seeded(world);
    const { castVote } = await import("../approvals/cast-vote");
    const vote = { approval_id: item as never, verdict: "approve", note: "" } as const;
    await expect(castVote(world.ada, { ...vote, display_digest: "0".repeat(64) })).rejects.toMatchObject({
      reason: "stale_view",
    });
    await expect(castVote(world.ada, vote)).rejects.toMatchObject({ reason: "display_digest_missing" });
    await expect(castVote(await world.tenant.person("viewer"), vote)).rejects.toMatchObject({ reason: "role_missing" });
  });
});

describe("items disturb nothing", () => {
  test("no figure of the agent, no similar action and no history counts one, waiting or over", async () => {
    const world = await givenCalibrationWorld({ refused: 2 });
    await reviewMany(world);
    const other = await world.request();
    const figures = async () => ({
      evidence: await showEvidence(world.admin, "mailer"),
      counts: (await showAgent(world.ada, "mailer")).counts_24h,
      record: (await showApproval(world.ada, other)).record,
      similar: (await showApproval(world.ada, other)).similar.map(({ id }) => id),
      history: (await listDesk(world.ada, DeskQuery.parse({ state: "history" }))).items.map(({ id }) => id),
      listed: (await listApprovals(world.ada, { limit: 100 })).items.map(({ id }) => id),
      today: (await listDesk(world.ada, DeskQuery.parse({}))).today,
    });
    const before = await figures();
    const item = await world.seed();
    expect(item).not.toBeNull();
    const waiting = await figures();
    expect({ ...waiting, listed: waiting.listed.filter((id) => id !== item) }).toEqual(before);
    await world.vote(world.ada, item ?? "", "deny");
    expect(await figures()).toEqual(before);
    expect((await listDesk(world.ada, DeskQuery.parse({ state: "mine" }))).items).toEqual([]);
  });

  test("one at a time, at the distance set, and none where it is off", async () => {
    const world = await givenCalibrationWorld({ refused: 3 });
    expect(await world.seed()).toBeNull();
    const first = await seeded(world);
    await reviewMany(world);
    expect(await world.seed()).toBeNull();
    await world.vote(world.ada, first, "deny");
    const second = await world.seed();
    expect(second).not.toBeNull();
    await changeSettings(world.admin, { calibration: false });
    expect(await world.seed()).toBeNull();
    const { rows } = await owner.query("SELECT state FROM approvals WHERE id = $1", [second]);
    expect(rows).toEqual([{ state: "withdrawn" }]);
  });

  test("an open incident or a stop takes back what waits and lets none come", async () => {
    const world = await givenCalibrationWorld({ refused: 2 });
    const item = await seeded(world);
    const operator = await world.tenant.person("operator");
    await openIncident(operator, {
      agent: "mailer",
      title: "Something is wrong.",
      class: "runaway_execution",
    } as never);
    expect(await world.seed()).toBeNull();
    const { rows } = await owner.query("SELECT state FROM approvals WHERE id = $1", [item]);
    expect(rows).toEqual([{ state: "withdrawn" }]);
    await reviewMany(world);
    expect(await world.seed()).toBeNull();
  });

  test("erasing what a call was about erases every copy of it", async () => {
    const world = await givenCalibrationWorld();
    const item = await seeded(world);
    const { rows: sources } = await owner.query(
      "SELECT s.decision_id FROM calibration_items i JOIN approvals s ON s.id = i.source_id WHERE i.approval_id = $1",
      [item],
    );
    await erasePayload(world.admin, { decisionId: sources[0].decision_id, reason: "asked for" });
    const { rows } = await owner.query(
      "SELECT a.state, a.display, (SELECT count(*)::int FROM stand_in_decisions WHERE item_id = a.id) AS steps FROM approvals a WHERE a.id = $1",
      [item],
    );
    expect(rows).toEqual([{ state: "withdrawn", display: { erased: true }, steps: 0 }]);
    await reviewMany(world);
    expect(await world.seed()).toBeNull();
  });
});
