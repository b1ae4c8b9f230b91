import { beforeAll, describe, expect, test } from "vitest";

import { transact } from "@/lib/data/db";
import { type GivenApproval, givenApproval } from "@/lib/testing/approval";
import { atScreen, earlyInStep, givenLooked, givenStepUp } from "@/lib/testing/review";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";
import { totpAt } from "@/lib/testing/totp";

import { listEntries } from "../ledger/list-entries";
import { changeSettings } from "../workspaces/change-settings";
import { beginStepUp, confirmStepUp } from "../step-up/enrol";
import { removeStepUp, resetStepUp } from "../step-up/remove";
import { showStepUp } from "../step-up/show";
import { castVote } from "./cast-vote";
import { noteLook } from "./note-look";
import { readApproval } from "./read-approval";

let tenant: Tenant;
let dri: Person;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  tenant = await givenTenant();
  dri = await tenant.person("reviewer", "operator");
  ada = atScreen(await tenant.person("reviewer"));
  bob = atScreen(await tenant.person("reviewer"));
});

const effect = { kind: "rows", before: [{ id: 1 }, { id: 2 }, { id: 3 }] };
const ALL = { parts_viewed: ["rows", "arguments"], typed_count: 3 };
const critical = () => givenApproval(tenant, { dri, band: "critical", call: { effect } });
const sql = <T>(run: (tx: Parameters<Parameters<typeof transact>[1]>[0]) => Promise<T>) =>
  transact(tenant.system.db, run);
const approve = (who: Person, on: GivenApproval, evidence: object = {}, more: object = {}) =>
  castVote(who, {
    approval_id: on.id as never,
    verdict: "approve",
    display_digest: on.digest,
    note: "compared every row",
    evidence,
    ...more,
  });
const beat = (who: Person, on: GivenApproval, begins = false, digest = on.digest) =>
  noteLook(who, { approval_id: on.id as never, display_digest: digest, begins });
const votesListed = async (who: Person, on: GivenApproval) => {
  const { items } = await listEntries(who, { kind: "approval.vote", limit: 50 });
  return items.filter(({ body }) => JSON.stringify(body).includes(on.id)).length;
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a code at Critical", () => {
  test("takes everything High takes, the count, a fresh code and two people", async () => {
    const [asked, adas, bobs] = [await critical(), await givenStepUp(ada), await givenStepUp(bob)];
    for (const who of [ada, bob]) await givenLooked(who, asked, 60);
    await expect(approve(ada, asked, { ...ALL, typed_count: 4, totp: adas.code(0) })).rejects.toMatchObject({
      faults: [{ code: "count" }],
    });
    await expect(approve(ada, asked, ALL)).rejects.toMatchObject({
      reason: "evidence_missing",
      faults: [{ code: "totp" }],
    });
    // The code was not used up by the answer that was refused for another reason.
    expect(await approve(ada, asked, { ...ALL, totp: adas.code(0) })).toMatchObject({ state: "waiting", quorum: 2 });
    // Nor does the ledger tell the second of the first, until both have answered.
    expect(await votesListed(bob, asked)).toBe(0);
    expect(await approve(bob, asked, { ...ALL, totp: bobs.code(0) })).toMatchObject({ state: "approved" });
    expect(await votesListed(bob, asked)).toBe(2);
  }, 30_000);

  test("a code is good for one vote, on whichever action, and for one of two at once", async () => {
    const carol = atScreen(await tenant.person("reviewer"));
    const { code } = await givenStepUp(carol);
    const [one, two, three] = [await critical(), await critical(), await critical()];
    for (const asked of [one, two, three]) await givenLooked(carol, asked, 60);
    const at = (on: GivenApproval, totp: string) => approve(carol, on, { ...ALL, totp });
    const both = await Promise.allSettled([at(one, code(0)), at(two, code(0))]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { reason: "code_used" } });
    await expect(at(three, code(0))).rejects.toMatchObject({ code: "unprocessable", reason: "code_used" });
    // The one that confirmed the app is used up, too.
    await expect(at(three, code(-1))).rejects.toMatchObject({ reason: "code_used" });
    expect(await at(three, code(1))).toMatchObject({ state: "waiting" });
    expect(await sql((tx) => tx.vote.count({ where: { memberId: carol.actor.memberId } }))).toBe(2);
  }, 30_000);

  test("wrong codes are counted in the database, noted without the code, and stop after five", async () => {
    const dave = atScreen(await tenant.person("reviewer"));
    const { code } = await givenStepUp(dave);
    const asked = await critical();
    await givenLooked(dave, asked, 60);
    const wrong = String((Number(code(0)) + 1) % 1_000_000).padStart(6, "0");
    const near = [code(-1), code(0), code(1)].includes(wrong) ? "000000" : wrong;
    for (let n = 0; n < 5; n += 1)
      await expect(approve(dave, asked, { ...ALL, totp: near })).rejects.toMatchObject({ reason: "code_wrong" });
    await expect(approve(dave, asked, { ...ALL, totp: code(0) })).rejects.toMatchObject({
      code: "over_limit",
      reason: "too_many_codes",
    });
    const noted = await sql(
      (tx) => tx.$queryRaw<{ body: object }[]>`SELECT body FROM ledger_entries
        WHERE kind = 'step_up.refuse' AND body::jsonb -> 'details' ->> 'member' = ${dave.actor.memberId}`,
    );
    expect(noted).toHaveLength(5);
    expect(JSON.stringify(noted)).not.toContain(near);
    // Whoever has no code left can still say no.
    expect(await castVote(dave, { approval_id: asked.id as never, verdict: "deny" })).toMatchObject({
      state: "denied",
    });
  }, 30_000);

  test("whoever has no app is told so, and may deny", async () => {
    const [asked, eve] = [await critical(), atScreen(await tenant.person("reviewer"))];
    await givenLooked(eve, asked, 60);
    await expect(approve(eve, asked, { ...ALL, totp: "123456" })).rejects.toMatchObject({
      code: "forbidden",
      reason: "step_up_missing",
    });
    expect(await castVote(eve, { approval_id: asked.id as never, verdict: "deny" })).toMatchObject({ state: "denied" });
  });

  test("by token Critical stays closed, and High with it where the workspace asks for codes there", async () => {
    const own = await givenTenant();
    const [owner, admin, token] = [
      await own.person("reviewer"),
      await own.person("admin"),
      await own.person("reviewer"),
    ];
    const asked = await givenApproval(own, { dri: owner, band: "critical", call: { effect } });
    await expect(approve(token, asked, ALL)).rejects.toMatchObject({ code: "forbidden", reason: "screen_only" });
    await changeSettings(admin, { step_up_high: true });
    const high = await givenApproval(own, { dri: owner, band: "high" });
    await expect(approve(token, high)).rejects.toMatchObject({ reason: "screen_only" });
    const screen = atScreen(token);
    await givenLooked(screen, high, 60);
    await expect(approve(screen, high, { parts_viewed: ["arguments"] })).rejects.toMatchObject({
      reason: "step_up_missing",
    });
    await changeSettings(admin, { step_up_high: false });
    expect(await approve(screen, high, { parts_viewed: ["arguments"] })).toMatchObject({ state: "approved" });
  });
});

describe("setting up an app", () => {
  test("counts from its first code, and what is stored is sealed", async () => {
    await earlyInStep();
    const fay = atScreen(await tenant.person("reviewer"));
    const { secret, qr } = await beginStepUp(fay);
    expect(qr.path).toMatch(/^(?:M\d+ \d+h1v1h-1z)+$/);
    expect((await showStepUp(fay)).since).toBeNull();
    await expect(confirmStepUp(fay, { code: totpAt(secret, Date.now() + 600_000) })).rejects.toMatchObject({
      reason: "code_wrong",
    });
    const { recovery_codes } = await confirmStepUp(fay, { code: totpAt(secret, Date.now()) });
    expect(recovery_codes).toHaveLength(10);
    expect((await showStepUp(fay)).since).toBeInstanceOf(Date);
    await expect(beginStepUp(fay)).rejects.toMatchObject({ code: "conflict", reason: "already_enrolled" });
    const ledger = await sql(
      (tx) => tx.$queryRaw<{ text: string }[]>`
      SELECT string_agg(body::text, '') AS text FROM ledger_entries WHERE kind LIKE 'step_up.%' AND workspace_id = ${tenant.workspaceId}::uuid`,
    );
    expect(ledger[0]?.text).not.toContain(secret.replaceAll(" ", ""));
    expect(ledger[0]?.text).not.toContain(recovery_codes[0]);
  }, 30_000);

  test("is taken away by a code of its own, by a recovery code once, or by another administrator", async () => {
    const [gil, admin] = [atScreen(await tenant.person("reviewer")), await tenant.person("admin")];
    const first = await givenStepUp(gil);
    await expect(removeStepUp(gil, { code: "not one" })).rejects.toMatchObject({ reason: "code_wrong" });
    await removeStepUp(gil, { code: first.code(0) });
    await expect(removeStepUp(gil, { code: first.recovery[0] ?? "" })).rejects.toMatchObject({
      reason: "step_up_missing",
    });
    const second = await givenStepUpLater(gil);
    await removeStepUp(gil, { code: (second[3] ?? "").toUpperCase() });
    expect((await showStepUp(gil)).since).toBeNull();
    await expect(resetStepUp(admin, { member: gil.actor.memberId })).rejects.toMatchObject({ code: "not_found" });
    await expect(resetStepUp(gil, { member: ada.actor.memberId })).rejects.toMatchObject({ code: "forbidden" });
    await resetStepUp(admin, { member: ada.actor.memberId });
    expect((await showStepUp(ada)).since).toBeNull();
  }, 60_000);
});

/** Again for the same person: their codes of the last half minutes are used up, the next one is not. */
async function givenStepUpLater(person: Person): Promise<readonly string[]> {
  const { secret } = await beginStepUp(person);
  return (await confirmStepUp(person, { code: totpAt(secret, Date.now() + 30_000) })).recovery_codes;
}

describe("time to look", () => {
  test("only time between two beats counts, by the database's clock and for this display alone", async () => {
    const asked = await givenApproval(tenant, { dri, band: "high" });
    expect(await beat(ada, asked, true)).toEqual({ seconds: 0 });
    await pause(1_100);
    const { seconds } = await beat(ada, asked);
    expect(seconds).toBeGreaterThan(1);
    expect(seconds).toBeLessThan(2.5);
    // Away, and back: what lay between begins anew and is not looking.
    await pause(600);
    expect(await beat(ada, asked, true)).toEqual({ seconds });
    expect(await beat(ada, asked, false, "0".repeat(64))).toEqual({ seconds: 0 });
    await expect(approve(ada, asked, { parts_viewed: ["arguments"] })).rejects.toMatchObject({
      faults: [{ code: "dwell" }],
    });
  });

  test("a gap counts three seconds at most, and two pages at once count as one", async () => {
    const asked = await givenApproval(tenant, { dri, band: "high" });
    await givenLooked(ada, asked, 1); // the last beat was five minutes ago
    expect(await beat(ada, asked)).toEqual({ seconds: 4 });
    await Promise.all(Array.from({ length: 20 }, (_, n) => pause(n * 50).then(() => beat(ada, asked))));
    const { seconds } = await beat(ada, asked);
    expect(seconds).toBeGreaterThan(4.8);
    expect(seconds).toBeLessThan(6.5);
  });

  test("nobody's time is another's, and no program looks", async () => {
    const asked = await givenApproval(tenant, { dri, band: "high" });
    await givenLooked(ada, asked, 60);
    expect(await beat(bob, asked, true)).toEqual({ seconds: 0 });
    await expect(beat(dri, asked)).rejects.toMatchObject({ code: "forbidden" });
  });

  test("the last moment counts when the vote says that it is still looked at", async () => {
    const asked = await givenApproval(tenant, { dri, band: "high" });
    await givenLooked(ada, asked, 2);
    const seen = { parts_viewed: ["arguments"] };
    await expect(approve(ada, asked, seen)).rejects.toMatchObject({ faults: [{ code: "dwell" }] });
    expect(await approve(ada, asked, { ...seen, looking: true })).toMatchObject({ state: "approved" });
  });

  test("T24 an approval within 800 ms of the content's appearing is not taken", async () => {
    const asked = await givenApproval(tenant, { dri, band: "high" });
    const seen = { parts_viewed: ["arguments"] };
    await expect(approve(bob, asked, seen)).rejects.toMatchObject({ code: "too_early" });
    await beat(bob, asked, true);
    await expect(approve(bob, asked, seen)).rejects.toMatchObject({ code: "too_early", reason: "too_early" });
    await pause(900);
    await expect(approve(bob, asked, seen)).rejects.toMatchObject({ reason: "evidence_missing" });
    expect((await readApproval(asked.agent, asked.id)).state).toBe("waiting");
  });

  test("T21 a view of something else is refused, however long it was looked at", async () => {
    const asked = await givenApproval(tenant, { dri, band: "high" });
    await givenLooked(ada, asked, 60);
    await expect(
      approve(ada, asked, { parts_viewed: ["arguments"] }, { display_digest: "0".repeat(64) }),
    ).rejects.toMatchObject({ code: "conflict", reason: "stale_view" });
  });
});
