import { beforeAll, beforeEach, describe, expect, test } from "vitest";

import { ConfirmRecoveryInput, ResumeStopInput } from "@/lib/core/workspaces/stop";
import { transact } from "@/lib/data/db";
import { givenBreach, givenRun } from "@/lib/testing/run";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import type { ServiceContext } from "../context";
import { listEntries } from "../ledger/list-entries";
import { showRun } from "../runs/show-run";
import { changeSettings } from "../workspaces/change-settings";
import { disableMember } from "../workspaces/disable-member";
import { confirmRecovery } from "./confirm-recovery";
import { lapseRecovery } from "./lapse-recovery";
import { listStops } from "./list-stops";
import { requestStop } from "./request-stop";
import { resumeStop } from "./resume-stop";

let tenant: Tenant;
let ada: Person;
let ben: Person;
let dri: Person;

beforeAll(async () => {
  tenant = await givenTenant();
  [ada, ben, dri] = [await tenant.person("operator"), await tenant.person("admin"), await tenant.person("operator")];
});

const consent = (ctx: ServiceContext, stopId: string, more: object = {}) =>
  resumeStop(ctx, ResumeStopInput.parse({ stop_id: stopId, note: "looked at it", ...more }));
const kinds = async (kind: string) => (await listEntries(ada, { kind, limit: 10 })).items.map(({ body }) => body);
const row = (runId: string) =>
  transact(ada.db, (tx) => tx.run.findFirstOrThrow({ where: { id: runId, workspaceId: tenant.workspaceId } }));

describe("a halted run (invariant 16)", () => {
  test("goes on when two people have consented to the same allowance, and not before", async () => {
    const { runId, stopId } = await givenBreach(tenant, dri);
    const more = { extra_steps: 5, extra_cost_usd: 0.25 };
    expect(await consent(ada, stopId, more)).toMatchObject({ state: "needs_second_person", resumed: false });
    expect(await row(runId)).toMatchObject({ state: "halted", extraSteps: 0 });
    await expect(consent(ada, stopId, more)).rejects.toMatchObject({ code: "conflict", reason: "already_consented" });
    await expect(consent(ben, stopId)).rejects.toMatchObject({ code: "conflict", reason: "allowance_differs" });

    expect(await consent(ben, stopId, more)).toMatchObject({ state: "resumed", resumed: true });
    expect(await row(runId)).toMatchObject({
      state: "running",
      haltedReason: null,
      extraSteps: 5,
      extraSeconds: 0,
      extraCostMicros: 250_000n,
    });
    await expect(consent(ben, stopId, more)).rejects.toMatchObject({ code: "not_found" });
    expect((await kinds("stop.consent"))[0]?.["details"]).toMatchObject({ stop: stopId, extra_steps: 5 });
    expect((await kinds("stop.resume"))[0]?.["details"]).toMatchObject({
      stop: stopId,
      people: [ada.actor.memberId, ben.actor.memberId],
    });
  });

  test("is not resumed by whoever answers for its agent", async () => {
    const { stopId } = await givenBreach(tenant, dri);
    await expect(consent(dri, stopId)).rejects.toMatchObject({ code: "conflict", reason: "own_agent" });
  });

  test("a consent stops counting with the person's right to give it", async () => {
    const { stopId, runId } = await givenBreach(tenant, dri);
    const cas = await tenant.person("operator");
    await consent(cas, stopId);
    await disableMember(ben, { member: cas.actor.memberId });
    expect(await consent(ada, stopId)).toMatchObject({ resumed: false });
    expect(await row(runId)).toMatchObject({ state: "halted" });
    expect(await consent(ben, stopId)).toMatchObject({ resumed: true });
  });

  test("halted by a person, it needs two people all the same; later breaches leave a stop of their own", async () => {
    const { runId } = await givenRun(tenant, dri);
    const { stop_id } = await requestStop(ada, { scope: "run", id: runId, reason: "odd" });
    expect(await consent(ada, stop_id)).toMatchObject({ resumed: false });
    expect(await consent(ben, stop_id)).toMatchObject({ resumed: true });
    expect(await showRun(ada, runId, 0)).toMatchObject({ state: "running", halted_reason: null });
    const again = await requestStop(ben, { scope: "run", id: runId, reason: "odd again" });
    expect(await consent(ada, again.stop_id)).toMatchObject({ resumed: false });
  });

  test("two consents at the same moment end it once", async () => {
    const { stopId, runId } = await givenBreach(tenant, dri);
    const more = { extra_steps: 3 };
    const answers = await Promise.all([consent(ada, stopId, more), consent(ben, stopId, more)]);
    expect(answers.map(({ resumed }) => resumed).toSorted()).toEqual([false, true]);
    expect(await row(runId)).toMatchObject({ state: "running", extraSteps: 3 });
  });
});

describe("a stopped agent", () => {
  test("is active again after two people, without its DRI", async () => {
    const { agent } = await givenRun(tenant, dri);
    const { stop_id } = await requestStop(ada, { scope: "agent", id: agent, reason: "odd" });
    await expect(consent(dri, stop_id)).rejects.toMatchObject({ reason: "own_agent" });
    await expect(consent(ada, stop_id, { extra_steps: 1 })).rejects.toMatchObject({ reason: "allowance_without_run" });
    expect(await consent(ada, stop_id)).toMatchObject({ resumed: false });
    expect(await consent(ben, stop_id)).toMatchObject({ resumed: true });
    const status = await transact(ada.db, (tx) =>
      tx.agent.findFirstOrThrow({
        where: { handle: agent, workspaceId: tenant.workspaceId },
        select: { status: true },
      }),
    );
    expect(status).toEqual({ status: "active" });
  });
});

describe("a stopped workspace (T111)", () => {
  beforeEach(async () => {
    tenant = await givenTenant();
    [ada, ben] = [await tenant.person("operator"), await tenant.person("operator")];
  });
  const stage = async () => (await listStops(ada)).workspace.stage;
  const confirm = (ctx: ServiceContext) => confirmRecovery(ctx, ConfirmRecoveryInput.parse({ note: "all is well" }));

  test("any reviewer stops it; it comes back with two people, then by a confirmation", async () => {
    const { stop_id } = await requestStop(await tenant.person("reviewer"), { scope: "workspace", reason: "drill" });
    expect(await stage()).toBe("stopped");
    await expect(confirm(ada)).rejects.toMatchObject({ code: "conflict", reason: "not_recovering" });
    expect(await consent(ada, stop_id)).toMatchObject({ state: "needs_second_person", stage: "stopped" });
    const [open] = (await listStops(ada)).items;
    expect(open).toMatchObject({ consents: [{ member_id: ada.actor.memberId, counts: true }], resumed_at: null });
    await expect(consent(ada, stop_id)).rejects.toMatchObject({ code: "conflict" });
    expect(await consent(ben, stop_id)).toMatchObject({ state: "resumed", stage: "reads_only" });
    expect(await confirm(ben)).toMatchObject({ stage: "running" });
    await expect(confirm(ben)).rejects.toMatchObject({ reason: "not_recovering" });
    expect((await kinds("workspace.recover"))[0]?.["details"]).toMatchObject({ note: "all is well" });
  });

  test("stopped again on its way back, it is stopped", async () => {
    const first = await requestStop(ada, { scope: "workspace", reason: "drill" });
    await consent(ada, first.stop_id);
    await consent(ben, first.stop_id);
    await requestStop(ada, { scope: "workspace", reason: "not yet" });
    expect(await stage()).toBe("stopped");
    await expect(confirm(ada)).rejects.toMatchObject({ reason: "not_recovering" });
  });

  test("runs fully by itself only where the workspace has set after how long", async () => {
    const { stop_id } = await requestStop(ada, { scope: "workspace", reason: "drill" });
    await consent(ada, stop_id);
    await consent(ben, stop_id);
    const waited = () =>
      transact(
        ada.db,
        (tx) => tx.$executeRaw`UPDATE workspace_controls SET stage_since = stage_since - interval '11 minutes'`,
      );
    await waited();
    expect(await lapseRecovery(tenant.system)).toEqual({ recovered: false });
    await changeSettings(await tenant.person("admin"), { recovery_minutes: 30 });
    expect(await lapseRecovery(tenant.system)).toEqual({ recovered: false });
    expect(await stage()).toBe("reads_only");
    await waited();
    await waited();
    expect(await lapseRecovery(tenant.system)).toEqual({ recovered: true });
    expect(await stage()).toBe("running");
    expect(await lapseRecovery(tenant.system)).toEqual({ recovered: false });
  });

  test("stopped twice, it comes back only when both stops are ended", async () => {
    const stops = [
      await requestStop(ada, { scope: "workspace", reason: "one" }),
      await requestStop(ben, { scope: "workspace", reason: "two" }),
    ];
    for (const { stop_id } of stops) {
      expect(await stage()).toBe("stopped");
      await consent(ada, stop_id);
      await consent(ben, stop_id);
    }
    expect(await stage()).toBe("reads_only");
  });

  test("with a single person who may resume, it says that a second one is needed and stays stopped", async () => {
    tenant = await givenTenant();
    const only = await tenant.person("operator");
    const { stop_id } = await requestStop(only, { scope: "workspace", reason: "drill" });
    await expect(consent(only, stop_id)).rejects.toMatchObject({ code: "conflict", reason: "second_operator_needed" });
    expect((await listStops(only)).items[0]).toMatchObject({ consents: [], resumed_at: null });
  });
});
