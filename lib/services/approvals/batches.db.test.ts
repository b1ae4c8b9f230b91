import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { DeskQuery } from "@/lib/core/approvals/schema";
import type { Band } from "@/lib/core/decisions/schema";
import { givenApproval } from "@/lib/testing/approval";
import { connectOwner } from "@/lib/testing/owner";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";
import { approveHigh } from "@/lib/testing/review";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";
import { fillWaiting } from "@/lib/testing/waiting-actions";

import { createToken } from "../workspaces/create-token";
import { askForAction } from "./ask-for-action";
import { castVote } from "./cast-vote";
import { deferAction } from "./defer-action";
import { endBatch } from "./end-batch";
import { handOffAction } from "./hand-off-action";
import { listDesk } from "./list-desk";
import { listHandOff } from "./list-hand-off";
import { renewBatch } from "./renew-batch";
import { takeBatch } from "./take-batch";

let owner: Awaited<ReturnType<typeof connectOwner>>;
let tenant: Tenant;
let dri: Person;
let mara: Person;
let noah: Person;

beforeAll(async () => {
  owner = await connectOwner();
});
afterAll(async () => {
  await owner.end();
});
beforeEach(async () => {
  tenant = await givenTenant();
  [dri, mara, noah] = [
    await tenant.person("reviewer"),
    await tenant.person("reviewer"),
    await tenant.person("reviewer"),
  ];
});

const desk = (who: Person, query: object = {}) => listDesk(who, DeskQuery.parse(query));
const ref = (id: string) => ({ approval_id: id as never });
const waiting = (count: number, band: Band = "elevated") =>
  fillWaiting(tenant.system.db, {
    workspaceId: tenant.workspaceId,
    driId: dri.actor.memberId,
    count,
    agents: 2,
    band: () => band,
  });
/** Lets time pass for one person's leases, as the clock would. */
const lapse = (who: Person) =>
  owner.query(
    "UPDATE leases SET taken_at = taken_at - interval '1 hour', until = clock_timestamp() - interval '1 second' WHERE member_id = $1",
    [who.actor.memberId],
  );
const ledgerOf = async (kind: string) =>
  (
    await owner.query(
      "SELECT body::jsonb -> 'details' AS details FROM ledger_entries WHERE workspace_id = $1 AND kind = $2 ORDER BY id",
      [tenant.workspaceId, kind],
    )
  ).rows.map((row) => row.details);
const eventsOf = async (topic: string) =>
  (await owner.query("SELECT payload FROM outbox WHERE workspace_id = $1 AND topic = $2", [tenant.workspaceId, topic]))
    .rows.length;

describe("taking a batch", () => {
  test("leases at most seven, shows them to their holder only, and is on record", async () => {
    await waiting(10);
    const { approval_ids: ids } = await takeBatch(mara, {});
    expect(ids).toHaveLength(7);
    expect(await ledgerOf("batch.take")).toMatchObject([{ member: mara.actor.memberId, approval_ids: ids }]);
    expect(await eventsOf("batch.take")).toBe(1);

    const held = await desk(mara);
    expect(held.items.map((item) => item.id)).toEqual(ids);
    expect(held.batch?.entries.every((entry) => entry.standing === "open")).toBe(true);
    const other = await desk(noah);
    expect(other.batch).toBeNull();
    expect(other.take).toBe(3);
    expect(other.items.some((item) => ids.includes(item.id))).toBe(false);
    expect(other.lanes.elevated).toBe(10);

    const seen = await desk(noah, { item: ids[0] });
    expect(seen.place?.lease.others?.names).toEqual(["Test reviewer"]);
    expect((await desk(mara, { item: ids[0] })).place?.lease.others).toBeNull();
  });

  test("twice is once, and with nothing free there is nothing to take", async () => {
    await waiting(3);
    const first = await takeBatch(mara, {});
    expect(await takeBatch(mara, {})).toEqual({ ...first });
    await expect(takeBatch(noah, {})).rejects.toMatchObject({ code: "conflict", reason: "nothing_free" });
    await expect(takeBatch(dri, {})).rejects.toMatchObject({ reason: "nothing_free" });
    await expect(takeBatch(await tenant.person("viewer"), {})).rejects.toMatchObject({ reason: "nothing_free" });
  });

  test("as small as the workspace says, and from one band when asked", async () => {
    await waiting(3, "low");
    await waiting(3, "high");
    await owner.query("UPDATE workspaces SET settings = settings || '{\"batch_size\": 2}' WHERE id = $1", [
      tenant.workspaceId,
    ]);
    const taken = await takeBatch(mara, { band: "low" });
    expect(taken.approval_ids).toHaveLength(2);
    const { items } = await desk(mara);
    expect(items.map((item) => item.band)).toEqual(["low", "low"]);
  });

  test("what two reviews are needed for, two people hold, and no third", async () => {
    const { id } = await givenApproval(tenant, { dri, band: "critical" });
    expect((await takeBatch(mara, {})).approval_ids).toEqual([id]);
    expect((await takeBatch(noah, {})).approval_ids).toEqual([id]);
    const third = await tenant.person("reviewer");
    await expect(takeBatch(third, {})).rejects.toMatchObject({ reason: "nothing_free" });
    expect((await desk(third, { item: id })).place?.lease.others?.names).toEqual([]);
  });
});

describe("a lease", () => {
  test("is over when its time is, without any job, and the rest goes to whoever takes next", async () => {
    const ids = await waiting(2);
    await takeBatch(mara, {});
    await lapse(mara);
    const after = await desk(mara);
    expect(after.batch?.entries.map((entry) => entry.standing)).toEqual(["lapsed", "lapsed"]);
    expect(after.batch?.until).toBeNull();
    await expect(renewBatch(mara)).rejects.toMatchObject({ reason: "batch_ended" });
    expect((await takeBatch(noah, {})).approval_ids.toSorted()).toEqual([...ids].toSorted());
    await expect(takeBatch(mara, {})).rejects.toMatchObject({ reason: "nothing_free" });
  });

  test("is prolonged once, never beyond the batch", async () => {
    await waiting(1);
    await takeBatch(mara, {});
    await renewBatch(mara);
    const { batch } = await desk(mara);
    expect(batch?.renewable).toBe(false);
    expect(batch?.until?.getTime()).toBeLessThanOrEqual(batch?.endsAt.getTime() ?? 0);
    await expect(renewBatch(mara)).rejects.toMatchObject({ reason: "already_renewed" });
    expect(await ledgerOf("batch.renew")).toHaveLength(1);
  });

  test("is no right: anybody who may vote still votes, and the holder sees it as over", async () => {
    await waiting(2);
    const { approval_ids: ids } = await takeBatch(mara, {});
    await castVote(noah, { ...ref(ids[0] ?? ""), verdict: "deny", note: "no" });
    const { batch } = await desk(mara);
    expect(batch?.entries.find((entry) => entry.id === ids[0])?.standing).toBe("over");
    expect(batch?.entries.find((entry) => entry.id === ids[1])?.standing).toBe("open");
  });

  test("ends with Done: what is left goes back, what was decided stays in the result", async () => {
    await waiting(3);
    const { approval_ids: ids } = await takeBatch(mara, {});
    await castVote(mara, { ...ref(ids[0] ?? ""), verdict: "deny", note: "too broad" });
    const { batch } = await desk(mara);
    expect(batch?.entries[0]).toMatchObject({ id: ids[0], standing: "decided", mine: "deny", said: "too broad" });
    expect(await endBatch(mara)).toEqual({ released: 2 });
    expect(await endBatch(mara)).toEqual({ released: 0 });
    expect((await desk(mara)).batch).toBeNull();
    expect((await takeBatch(noah, {})).approval_ids).toHaveLength(2);
  });
});

test("not now puts an action last, keeps its deadline and is on record", async () => {
  await waiting(3);
  const { approval_ids: ids } = await takeBatch(mara, {});
  const before = (await desk(mara)).items.find((item) => item.id === ids[0])?.expiresAt;
  await deferAction(mara, ref(ids[0] ?? ""));
  const after = await desk(mara);
  expect(after.items.map((item) => item.id)).toEqual([ids[1], ids[2], ids[0]]);
  expect(after.items.at(-1)?.expiresAt).toEqual(before);
  expect(await ledgerOf("approval.defer")).toMatchObject([{ approval_id: ids[0], in_batch: true }]);
});

describe("handing off", () => {
  test("goes to a person who may decide it, tells them, and comes first in their next batch", async () => {
    await waiting(9);
    const { approval_ids: ids } = await takeBatch(mara, {});
    const id = ids[6] ?? "";
    await handOffAction(mara, { ...ref(id), to: noah.actor.memberId, note: "you know this customer" });
    expect((await desk(mara)).batch?.entries.find((entry) => entry.id === id)).toMatchObject({
      standing: "left",
      leftTo: "Test reviewer",
    });
    expect((await desk(noah)).handed).toMatchObject([{ id, note: "you know this customer" }]);
    expect(await ledgerOf("approval.hand_off")).toMatchObject([{ to: noah.actor.memberId, noted: true }]);
    const taken = await takeBatch(noah, {});
    expect(taken.approval_ids).toHaveLength(3);
    expect(taken.approval_ids).toContain(id);
    expect((await desk(noah)).handed).toEqual([]);
  });

  test("never to somebody who may not decide it, and the list names nobody else", async () => {
    const { id } = await givenApproval(tenant, { dri });
    const operator = await tenant.person("operator");
    const gone = await tenant.person("reviewer");
    await owner.query("UPDATE members SET disabled_at = now() WHERE id = $1", [gone.actor.memberId]);
    await takeBatch(mara, {});
    for (const to of [dri, operator, gone, mara]) {
      const refused = handOffAction(mara, { ...ref(id), to: to.actor.memberId, note: "" });
      await expect(refused).rejects.toMatchObject({ code: "forbidden", reason: "not_eligible" });
    }
    expect((await listHandOff(mara, ref(id))).map((person) => person.id)).toEqual([noah.actor.memberId]);
    const stranger = await (await givenTenant()).person("reviewer");
    const elsewhere = handOffAction(mara, { ...ref(id), to: stranger.actor.memberId, note: "" });
    await expect(elsewhere).rejects.toMatchObject({ reason: "not_eligible" });
    await expect(handOffAction(stranger, { ...ref(id), to: null, note: "" })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("back to the pool is free for the next; what others hold cannot be handed on, only asked for", async () => {
    const { id } = await givenApproval(tenant, { dri });
    const third = await tenant.person("reviewer");
    await expect(askForAction(noah, ref(id))).rejects.toMatchObject({ reason: "not_leased" });
    await takeBatch(mara, {});
    const taking = handOffAction(noah, { ...ref(id), to: third.actor.memberId, note: "" });
    await expect(taking).rejects.toMatchObject({ reason: "leased_by_other" });
    await askForAction(noah, ref(id));
    expect((await desk(mara)).batch?.entries[0]).toMatchObject({ askedById: noah.actor.memberId });
    expect((await desk(noah, { item: id })).place?.lease.asked).toBe(true);
    expect(await ledgerOf("approval.ask_for")).toMatchObject([{ holders: [mara.actor.memberId] }]);
    await handOffAction(mara, { ...ref(id), to: null, note: "" });
    expect((await takeBatch(noah, {})).approval_ids).toEqual([id]);
    await expect(handOffAction(mara, { ...ref(id), to: null, note: "" })).rejects.toMatchObject({ reason: "not_held" });
  });

  test("does not tell that the other reviewer has answered", async () => {
    const asked = await givenApproval(tenant, { dri, band: "high", quorum: 2 });
    const { id } = asked;
    await approveHigh(noah, asked, "compared the rows");
    expect((await listHandOff(mara, ref(id))).map((person) => person.id)).toEqual([noah.actor.memberId]);
    await takeBatch(mara, {});
    await handOffAction(mara, { ...ref(id), to: noah.actor.memberId, note: "" });
    // Noah has answered, so it is nobody's: the next who may can take it.
    expect((await desk(noah)).handed).toEqual([]);
    expect((await takeBatch(await tenant.person("reviewer"), {})).approval_ids).toEqual([id]);
  });
});

describe("two who take at once", () => {
  test("on one process never get the same action", async () => {
    await waiting(24);
    const people = await Promise.all(Array.from({ length: 5 }, () => tenant.person("reviewer")));
    const taken = await Promise.allSettled(people.map((person) => takeBatch(person, {})));
    const ids = taken.flatMap((one) => (one.status === "fulfilled" ? one.value.approval_ids : []));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(24);
  });

  test("the database itself refuses a second person on one seat", async () => {
    const [id] = await waiting(1);
    await takeBatch(mara, {});
    const second = owner.query(
      `INSERT INTO leases (approval_id, seat, workspace_id, member_id, taken_at, until)
       SELECT approval_id, seat, workspace_id, $2, taken_at, until FROM leases WHERE approval_id = $1`,
      [id, noah.actor.memberId],
    );
    await expect(second).rejects.toMatchObject({ code: "23505" });
  });
});

describe("on two processes", () => {
  let replicas: Replicas;
  beforeAll(async () => {
    replicas = await startReplicas(2);
  }, 60_000);
  afterAll(async () => {
    await replicas.stop();
  });

  test("no action is ever leased twice, and one person never holds two batches", async () => {
    await waiting(40);
    const people = await Promise.all(Array.from({ length: 4 }, () => tenant.person("reviewer")));
    const tokens = await Promise.all(people.map((person) => createToken(person, { name: "race", days: 1 })));
    type Taken = { batch_id: string; approval_ids: string[] };
    const take = async (token: string, index: number, tries = 5): Promise<Taken> => {
      const response = await fetch(`${replicas.urls[index % 2]}/api/v1/batches`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: "{}",
      });
      // A machine that is busy with other things may say so; nothing is then taken, and asking again is safe.
      if (response.status === 503 && tries > 0) return take(token, index, tries - 1);
      expect(response.status).toBe(201);
      return (await response.json()) as Taken;
    };
    for (let round = 0; round < 5; round += 1) {
      // Each person at both processes at once, all people at once.
      const taken = await Promise.all(tokens.flatMap(({ token }) => [take(token, 0), take(token, 1)]));
      const byPerson = new Map(taken.map((one) => [one.batch_id, one.approval_ids]));
      expect(byPerson.size).toBe(people.length);
      const ids = [...byPerson.values()].flat();
      expect(ids).toHaveLength(28);
      expect(new Set(ids).size).toBe(ids.length);
      for (const person of people) await endBatch(person);
    }
  }, 60_000);
});
