import { randomUUID } from "node:crypto";

import { beforeAll, describe, expect, test } from "vitest";

import { ApprovalId } from "@/lib/core/shared/brand";
import { givenApproval } from "@/lib/testing/approval";
import { ask } from "@/lib/testing/agent";
import { type CalibrationWorld, givenCalibrationWorld, reviewMany } from "@/lib/testing/calibration";
import { approveHigh } from "@/lib/testing/review";
import { givenTenant, type Person } from "@/lib/testing/tenant";

import { castVote } from "../approvals/cast-vote";
import { readApproval } from "../approvals/read-approval";
import { reportOutcome } from "../outcomes/report-outcome";
import { answerBurst } from "./answer-burst";
import { showBurst } from "./show-burst";
import { showOrganisation } from "./show-organisation";
import { listScorecards, showScorecard } from "./show-scorecard";
import { startBurst } from "./start-burst";

const idOf = (person: Person) => person.actor.memberId;
const now = (person: Person): Person => ({ ...person, now: new Date() });

describe("a scorecard", () => {
  let world: CalibrationWorld;
  beforeAll(async () => {
    world = await givenCalibrationWorld({ refused: 3 });
    await world.vote(world.ada, await world.request(), "approve");
  }, 60_000);

  test("is for its person and for administrators, and for nobody else", async () => {
    const { ada, bob, admin } = world;
    expect(await showScorecard(now(ada), "me")).toMatchObject({ isMine: true, card: { decisions: 1 } });
    expect(await showScorecard(now(ada), idOf(ada))).toMatchObject({ isMine: true });
    expect(await showScorecard(now(admin), idOf(ada))).toMatchObject({ isMine: false, card: { decisions: 1 } });
    await expect(showScorecard(now(bob), idOf(ada))).rejects.toMatchObject({ code: "forbidden" });
    // Who may not know is not told whether there is such a person either.
    await expect(showScorecard(now(bob), randomUUID())).rejects.toMatchObject({ code: "forbidden" });
    await expect(showScorecard(now(admin), randomUUID())).rejects.toMatchObject({ code: "not_found" });
    for (const role of ["operator", "policy_admin", "viewer"] as const) {
      const other = await world.tenant.person(role);
      await expect(showScorecard(now(other), idOf(ada))).rejects.toMatchObject({ code: "forbidden" });
      expect(await listScorecards(now(other))).toEqual([]);
    }
    expect((await listScorecards(now(admin))).map(({ id }) => id)).toContain(idOf(ada));
  });

  test("of another workspace is not found, whoever asks", async () => {
    const elsewhere = await givenTenant();
    const admin = await elsewhere.person("admin");
    await expect(showScorecard(now(admin), idOf(world.ada))).rejects.toMatchObject({ code: "not_found" });
  });

  test("counts real answers, what was regretted of them, and items apart from both", async () => {
    const { ada, bob, agent } = world;
    const id = await world.request();
    await world.vote(ada, id, "approve");
    const { display } = await readApproval(ada, id);
    const shown = display as { session: string; run: string; args: object };
    const again = { session_id: shown.session, run_id: shown.run, args: shown.args, approval_id: id };
    const used = await ask(agent, "send_customer_email", again);
    expect(used.verdict).toBe("allow");
    await reportOutcome(agent, { decisionId: used.decision_id, outcome: "error" });
    await reviewMany(world);
    const before = (await showScorecard(now(ada), "me")).card;
    const item = await world.seed();
    expect((await world.vote(ada, item ?? "", "deny")).calibration?.result).toBe("caught");
    const { card } = await showScorecard(now(ada), "me");
    expect(card.regretted).toMatchObject({ hits: 1, n: 1 });
    expect(card.calibration).toMatchObject({ hits: 1, n: 1 });
    expect({ ...card, calibration: null, waited: null }).toEqual({ ...before, calibration: null, waited: null });
    expect((await showScorecard(now(bob), "me")).card.calibration.n).toBe(0);
  });
});

describe("too many misses", () => {
  test("make a person's High approvals take two, until a practice round is passed", async () => {
    const world = await givenCalibrationWorld({ refused: 4 });
    const { ada, bob, tenant } = world;
    const high = () => givenApproval(tenant, { dri: world.admin, band: "high" });
    const approved = async () => {
      const asked = await high();
      return { asked, answer: await approveHigh(ada, asked, "checked who it goes to") };
    };
    for (let missed = 0; missed < 2; missed += 1) {
      expect((await approved()).answer.state).toBe("approved");
      await reviewMany(world);
      expect((await world.vote(ada, (await world.seed()) ?? "", "approve")).calibration?.result).toBe("missed");
    }
    expect((await showScorecard(now(ada), "me")).card.needsSecond).toBe(true);
    const held = await approved();
    expect(held.answer).toMatchObject({ state: "waiting", quorum: 2 });
    expect(await approveHigh(bob, held.asked, "checked the address")).toMatchObject({ state: "approved" });
    // Refusing costs nobody more.
    const denied = await high();
    expect(await castVote(ada, { approval_id: ApprovalId.parse(denied.id), verdict: "deny" })).toMatchObject({
      state: "denied",
    });

    expect(await practise(world, ada, true)).toBe(true);
    expect((await showScorecard(now(ada), "me")).card.needsSecond).toBe(false);
    expect((await approved()).answer.state).toBe("approved");
  }, 120_000);
});

/** Goes through one practice round, with every answer right or every one wrong. */
async function practise(world: CalibrationWorld, who: Person, right: boolean): Promise<boolean | null> {
  await givenPast(world);
  await startBurst(now(who));
  for (;;) {
    const { step, last } = await showBurst(now(who));
    if (!step) return last?.passed ?? null;
    const { rows } = await answersOf(world, step.burst);
    const wrong = rows[0]?.items[step.place]?.wrong ?? false;
    const verdict = wrong === right ? "deny" : "approve";
    const answer = await answerBurst(now(who), { burst: step.burst, place: step.place, verdict });
    expect(answer).toMatchObject({ right, wrongAction: wrong });
    const twice = { burst: step.burst, place: step.place, verdict } as const;
    await expect(answerBurst(now(who), twice)).rejects.toMatchObject({
      code: answer.left === 0 ? "not_found" : "conflict",
    });
  }
}

async function answersOf(world: CalibrationWorld, burst: string) {
  const rows = await world.admin.db.$queryRaw<{ items: { wrong: boolean }[] }[]>`
    SELECT items FROM calibration_bursts WHERE id = ${burst}::uuid`;
  return { rows };
}

/** Two more actions that others approved, that ran and were right. */
async function givenPast(world: CalibrationWorld): Promise<void> {
  for (let n = 0; n < 2; n += 1) {
    const id = await world.request();
    await world.vote(world.bob, id, "approve");
    const { display } = await readApproval(world.bob, id);
    const shown = display as { session: string; run: string; args: object };
    const again = { session_id: shown.session, run_id: shown.run, args: shown.args, approval_id: id };
    const used = await ask(world.agent, "send_customer_email", again);
    await reportOutcome(world.agent, { decisionId: used.decision_id, outcome: "success" });
  }
}

describe("practice", () => {
  test("needs a past, belongs to one person, and is failed by letting wrong actions through", async () => {
    const world = await givenCalibrationWorld({ refused: 3 });
    const { ada, admin } = world;
    await expect(startBurst(now(ada))).rejects.toMatchObject({ reason: "too_little_past" });
    await expect(startBurst(now(admin))).rejects.toMatchObject({ code: "forbidden" });
    expect(await practise(world, ada, false)).toBe(false);
    const other = await world.tenant.person("reviewer");
    expect(await showBurst(now(other))).toEqual({ step: null, last: null });
  });
});

describe("the organisation", () => {
  test("has no figure before five people have answered, and none that moves with one of them", async () => {
    const world = await givenCalibrationWorld({ refused: 0 });
    const people = [world.ada, world.bob, await world.tenant.person("reviewer"), await world.tenant.person("reviewer")];
    const figures = () => showOrganisation(now(world.admin), undefined);
    for (const person of people) await world.vote(person, await world.request(), "approve");
    expect(await figures()).toMatchObject({ volume: null, approved: null, expired: null });
    const fifth = await world.tenant.person("reviewer");
    await world.vote(fifth, await world.request(), "deny");
    const five = await figures();
    expect(five).toMatchObject({ volume: { n: 5 }, approved: { hits: 4, n: 5 }, regretted: null });
    // Four more answers, and one person's many: nothing to subtract.
    for (const person of people) await world.vote(person, await world.request(), "deny");
    await world.vote(world.ada, await world.request(), "deny");
    expect(await figures()).toEqual({ ...five });
    await world.vote(fifth, await world.request(), "approve");
    expect(await figures()).toMatchObject({ volume: { n: 11 } });
    expect(JSON.stringify(await figures())).not.toContain(idOf(world.ada));
  });
});
