import { beforeEach, describe, expect, test } from "vitest";

import { ApproveGroupInput } from "@/lib/core/approvals/group";
import { DeskQuery } from "@/lib/core/approvals/schema";
import { type GivenApproval, givenApproval } from "@/lib/testing/approval";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { approveGroup } from "./approve-group";
import { castVote } from "./cast-vote";
import { denyTogether } from "./deny-together";
import { listDesk } from "./list-desk";
import { openApproval } from "./open-approval";
import { readApproval } from "./read-approval";

let tenant: Tenant;
let dri: Person;
let mara: Person;

beforeEach(async () => {
  tenant = await givenTenant();
  [dri, mara] = [await tenant.person("reviewer"), await tenant.person("reviewer")];
});

const onScreen = (who: Person): Person => ({ ...who, actor: { ...who.actor, via: "screen" } });
const stateOf = async (id: string) => (await readApproval(mara, id)).state;
const placeOf = async (id: string) => (await listDesk(mara, DeskQuery.parse({ item: id }))).place;

/** Requests of one agent that look alike. */
async function givenAlike(count: number, more: object = {}): Promise<GivenApproval[]> {
  const given: GivenApproval[] = [];
  for (let n = 0; n < count; n += 1) {
    const call = { args: { to: `a${n}@example.com`, template: "refund" } };
    const agentId = given[0]?.agentId;
    given.push(await givenApproval(tenant, { dri, band: "low", call, ...(agentId && { agentId }), ...more }));
  }
  return given;
}
const asked = (given: readonly GivenApproval[], count = given.length) =>
  ApproveGroupInput.parse({
    approvals: given.map(({ id, digest }) => ({ approval_id: id, display_digest: digest })),
    count,
  });

describe("denying together", () => {
  test("judges each by itself: one that cannot be denied stops none, and nothing else is touched", async () => {
    const [one, gone, two, other] = await givenAlike(4);
    await castVote(mara, { approval_id: gone?.id as never, verdict: "deny" });
    const ids = [one, gone, two].map((given) => given?.id);
    const { denied, results } = await denyTogether(mara, { approval_ids: ids, note: "Wrong target" });
    expect(denied).toBe(2);
    expect(results.map((result) => (result.ok ? result.state : result.reason))).toEqual([
      "denied",
      "already_voted",
      "denied",
    ]);
    expect((await readApproval(mara, one?.id ?? "")).note).toBe("Wrong target");
    expect(await stateOf(other?.id ?? "")).toBe("waiting");
  });

  test("takes 25 and not 26, none twice, and needs the right to deny each", async () => {
    const given = await givenAlike(2);
    const ids = given.map(({ id }) => id);
    const many = Array.from({ length: 26 }, () => crypto.randomUUID());
    for (const approval_ids of [[], [ids[0], ids[0]], many]) {
      await expect(denyTogether(mara, { approval_ids })).rejects.toMatchObject({ code: "invalid_input" });
    }
    expect((await denyTogether(mara, { approval_ids: many.slice(0, 25) })).results.map((r) => r.ok)).not.toContain(
      true,
    );
    const { denied, results } = await denyTogether(await tenant.person("operator"), { approval_ids: ids });
    expect(denied).toBe(0);
    expect(results).toMatchObject([{ reason: "role_missing" }, { reason: "role_missing" }]);
    expect(await stateOf(ids[0] ?? "")).toBe("waiting");
  });
});

describe("a group", () => {
  test("is what the same agent asks in the same shape, laid beside each other", async () => {
    const [one, two] = await givenAlike(2);
    await givenApproval(tenant, { dri, band: "low", agentId: one?.agentId as never, call: { args: { to: "x" } } });
    const group = (await placeOf(one?.id ?? ""))?.group;
    expect(group?.members.map((member) => member.id)).toEqual([one?.id, two?.id]);
    expect(group?.combined.same.map((same) => [same.path, same.value.head])).toEqual([["/template", "refund"]]);
    expect(group?.combined.differs).toMatchObject([
      { path: "/to", values: [{ head: "a0@example.com" }, { head: "a1@example.com" }] },
    ]);
    expect(group?.approve).toBeNull();
  });

  test("of Low actions is approved whole, one vote each", async () => {
    const given = await givenAlike(3);
    expect(await approveGroup(mara, asked(given))).toEqual({ approved: 3 });
    for (const { id } of given) expect(await stateOf(id)).toBe("approved");
  });

  test("on a screen, only once every member was open", async () => {
    const given = await givenAlike(2);
    const screen = onScreen(mara);
    await openApproval(screen, given[0]?.id ?? "");
    await expect(approveGroup(screen, asked(given))).rejects.toMatchObject({ reason: "not_expanded" });
    await openApproval(screen, given[1]?.id ?? "");
    expect(await approveGroup(screen, asked(given))).toEqual({ approved: 2 });
  });

  test("T16 a batch of 51, a stale count, or a hidden member is refused with 409, and nothing is approved", async () => {
    const given = await givenAlike(3);
    const fifty = asked(Array.from({ length: 51 }, (_, n) => given[n % 3] as GivenApproval));
    const refusals: [object, string][] = [
      [fifty, "group_too_large"],
      [asked(given, 4), "stale_count"],
      [asked(given.slice(0, 2)), "stale_count"],
      [asked([...given, await givenApproval(tenant, { dri, band: "low" })]), "not_one_group"],
    ];
    for (const [input, reason] of refusals) {
      const refused = approveGroup(mara, ApproveGroupInput.parse(input));
      await expect(refused).rejects.toMatchObject({ code: "conflict", reason });
    }
    const stale = asked(given.map((one) => ({ ...one, digest: "0".repeat(64) })));
    await expect(approveGroup(mara, stale)).rejects.toMatchObject({ reason: "stale_view" });
    for (const { id } of given) expect(await stateOf(id)).toBe("waiting");
  });

  test("is never approved together from Elevated up, nor with six members", async () => {
    const elevated = await givenAlike(2, { band: "elevated" });
    await expect(approveGroup(mara, asked(elevated))).rejects.toMatchObject({ reason: "band_too_high" });
    const six = await givenAlike(6);
    await expect(approveGroup(mara, asked(six.slice(0, 5)))).rejects.toMatchObject({ reason: "group_too_large" });
    await expect(approveGroup(mara, asked(six))).rejects.toMatchObject({ reason: "group_too_large" });
  });

  test("is approved by nobody who may not approve its members", async () => {
    const given = await givenAlike(2);
    await expect(approveGroup(dri, asked(given))).rejects.toMatchObject({ reason: "self_approval" });
    for (const { id } of given) expect(await stateOf(id)).toBe("waiting");
  });
});
