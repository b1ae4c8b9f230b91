import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { afterAll, beforeEach, expect, test } from "vitest";

import { DEFAULT_PREFERENCES } from "@/lib/core/notifications/person";
import { AddDestinationInput } from "@/lib/core/notifications/schema";
import { SetObjectiveInput } from "@/lib/core/objectives/schema";
import { weekOf } from "@/lib/core/objectives/week";
import { CredentialId } from "@/lib/core/shared/brand";
import { HOUR_MS, MINUTE_MS } from "@/lib/core/shared/time";
import { ingestPool } from "@/lib/data/ingest-pool";
import { env } from "@/lib/platform/env";
import { outboxCaughtUp } from "@/lib/testing/outbox";
import { startMailbox, startReceiver, worldOf } from "@/lib/testing/receivers";
import { type GivenRun, givenBreach, givenRun } from "@/lib/testing/run";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";
import { givenEvent, givenStored, nsOf } from "@/lib/testing/trace-events";

import { setLevel } from "../agents/set-level";
import { addDestination } from "../notifications/add-destination";
import type { Outside } from "../notifications/outside";
import { queueDeliveries } from "../notifications/queue-deliveries";
import { sendDeliveries } from "../notifications/send-deliveries";
import { setPreferences } from "../notifications/set-preferences";
import { traceStore } from "../traces/stores";
import { sendWeeklyReviews } from "./send-weekly-reviews";
import { setObjective } from "./set-objective";
import { showWeek } from "./show-week";

afterAll(() => ingestPool.end());

const WEEK = weekOf(new Date());
/** Five past eight on the Monday after this week. */
const MONDAY = new Date(WEEK.to.getTime() + 8 * HOUR_MS + 5 * MINUTE_MS);
/** What `givenStored` says that one call costs. */
const CALL = 717_000_000n;

let tenant: Tenant;
let ada: Person;
let bo: Person;
let run: GivenRun;
let other: GivenRun;

beforeEach(async () => {
  tenant = await givenTenant();
  [ada, bo] = [await tenant.person("operator"), await tenant.person("viewer")];
  [run, other] = [await givenBreach(tenant, ada), await givenRun(tenant, bo)];
});

async function tell({ agentId }: GivenRun, count: number, at: Date) {
  const sender = { agentId, credentialId: CredentialId.parse(crypto.randomUUID()) };
  const startNs = nsOf(at);
  const events = Array.from({ length: count }, () => givenStored(sender, givenEvent({ startNs, parentEventId: null })));
  await traceStore.write(tenant.workspaceId, events);
}

async function deliver(world: Outside, now: Date) {
  await outboxCaughtUp(tenant.system.db);
  await queueDeliveries({ ...tenant.system, now }, world);
  const { done } = await sendDeliveries({ ...tenant.system, now }, world);
  await done;
}

test("a week shows, for each person's agents, what moved, what it cost beside the week before, and what is due", async () => {
  await tell(run, 3, new Date(WEEK.from.getTime() + HOUR_MS));
  await tell(run, 2, new Date(WEEK.from.getTime() - HOUR_MS));
  await tell(run, 7, new Date(WEEK.from.getTime() - 8 * 24 * HOUR_MS));
  await tell(other, 1, new Date(WEEK.from.getTime() + HOUR_MS));
  await setLevel({ ...ada, now: new Date() }, { agent: run.agent, level: 2, reason: "Slower." });
  const objective = { agent: run.agent, measure: "success", target_percent: 90, days: 7 };
  await setObjective(ada, SetObjectiveInput.parse(objective));
  const { owners } = await showWeek({ ...bo, now: MONDAY }, WEEK);
  const [first] = owners.find(({ owner }) => owner.id === ada.actor.memberId)!.agents;
  expect(first).toMatchObject({
    agent: run.agent,
    level: 2,
    cost: { now: String(3n * CALL), before: String(2n * CALL) },
    runs: { now: "3", before: "2" },
    due: [{ text: "1 open incident" }],
    alerts: { fired: 0 },
  });
  expect(first?.moved.map(({ text }) => text)).toEqual([
    `${run.agent}: A run met execution.max_steps`,
    `${run.agent}: level 3 to 2`,
  ]);
  expect(first?.objectives.map(({ measure, stand }) => [measure, stand.state])).toEqual([["success", "too_few"]]);
  const [second] = owners.find(({ owner }) => owner.id === bo.actor.memberId)!.agents;
  expect(second).toMatchObject({ agent: other.agent, cost: { now: String(CALL), before: "0" }, moved: [], due: [] });
  const stranger = await (await givenTenant()).person("admin");
  expect((await showWeek(stranger, WEEK)).owners).toEqual([]);
});

test("each person is sent a week once, by two processes at the same time, and not before Monday at eight", async () => {
  const early = { ...tenant.system, now: new Date(MONDAY.getTime() - 6 * MINUTE_MS) };
  expect(await sendWeeklyReviews(early)).toEqual({ sent: 0 });
  const send = async () => {
    const args = ["--conditions", "react-server", "--import", "tsx", "lib/testing/send-reviews.ts"];
    const { DATABASE_URL, NEXTAUTH_SECRET } = env;
    const given = {
      PATH: "/usr/bin:/bin",
      NODE_ENV: "test",
      LOG_LEVEL: "fatal",
      DATABASE_URL,
      NEXTAUTH_SECRET,
    } as const;
    const asked = [...args, tenant.workspaceId, MONDAY.toISOString()];
    return Number((await promisify(execFile)(process.execPath, asked, { env: given })).stdout);
  };
  const [one = 0, two = 0] = await Promise.all([send(), send()]);
  expect(one + two).toBe(2);
  expect(await sendWeeklyReviews({ ...tenant.system, now: MONDAY })).toEqual({ sent: 0 });
  const rows = await tenant.system.db.$queryRaw<{ member: string }[]>`
    SELECT body::jsonb #>> '{details,member}' AS member FROM ledger_entries
    WHERE workspace_id = ${tenant.workspaceId}::uuid AND kind = 'review.send'`;
  expect(rows.map(({ member }) => member).toSorted()).toEqual([ada.actor.memberId, bo.actor.memberId].toSorted());
});

test("a review is mailed to its person alone, after their quiet hours, not to one who wants none, and to destinations that ask for it", async () => {
  const [box, receiver] = [await startMailbox(), await startReceiver()];
  const world = worldOf({ mail: { url: box.url, from: "interlock@example.com", allowPlain: true } });
  const admin = await tenant.person("admin");
  const cleo = await tenant.person("viewer");
  await givenRun(tenant, cleo);
  await deliver(world, new Date());
  const hook = { kind: "webhook", name: "Hook", address: receiver.url, events: ["review.weekly"] };
  await addDestination(admin, AddDestinationInput.parse(hook), world);
  await setPreferences(ada, { ...DEFAULT_PREFERENCES, quiet: { from: 0, to: 9 * 60 } });
  await setPreferences(cleo, { ...DEFAULT_PREFERENCES, channel: "none" });
  await sendWeeklyReviews({ ...tenant.system, now: MONDAY });
  await deliver(world, MONDAY);
  const sent = () => box.mails.map(({ mail }) => [mail.to?.[0]?.address, mail.subject]);
  const title = `Weekly review ${WEEK.name}: 1 agent`;
  expect(sent()).toEqual([[bo.email, expect.stringContaining(title)]]);
  expect(box.mails[0]?.mail.text).toContain("Cost: $0, ");
  expect(box.mails[0]?.mail.text).toContain(`/signals/weekly?week=${WEEK.name}&person=${bo.actor.memberId}`);
  await deliver(world, new Date(MONDAY.getTime() + HOUR_MS));
  expect(sent()[1]).toEqual([ada.email, expect.stringContaining(title)]);
  expect(sent()).toHaveLength(2);
  expect(receiver.received).toHaveLength(3);
  await Promise.all([box.stop(), receiver.stop()]);
});
