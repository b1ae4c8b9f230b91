import { beforeAll, describe, expect, test } from "vitest";

import { ResumeStopInput } from "@/lib/core/workspaces/stop";
import { givenApproval } from "@/lib/testing/approval";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { readApproval } from "../approvals/read-approval";
import { sequenceLedger } from "../ledger/sequence-ledger";
import { showAnchor } from "../ledger/show-anchor";
import { listEntries } from "../ledger/list-entries";
import { listStops } from "../stops/list-stops";
import { resumeStop } from "../stops/resume-stop";
import { changeSettings } from "./change-settings";
import { detectRestore } from "./detect-restore";

let tenant: Tenant;
let admin: Person;

beforeAll(async () => {
  tenant = await givenTenant();
  admin = await tenant.person("admin", "operator", "reviewer");
  for (const minutes of [10, 11, 12]) await changeSettings(admin, { outcome_due_minutes: minutes });
  await sequenceLedger(tenant.system);
});

const anchorNow = async () => {
  const anchor = await showAnchor(tenant.system);
  if (!anchor) throw new Error("the ledger has no leaf");
  return anchor;
};

describe("detectRestore (T116)", () => {
  test("finds nothing where the ledger has gone on from what was seen", async () => {
    const seen = await anchorNow();
    await changeSettings(admin, { outcome_due_minutes: 13 });
    await sequenceLedger(tenant.system);
    expect(await detectRestore(tenant.system, seen)).toEqual({ restored: false });
    expect(await detectRestore(tenant.system, await anchorNow())).toEqual({ restored: false });
    expect((await listStops(admin)).workspace.stage).toBe("running");
  });

  test.each([
    ["is shorter than what was seen", (size: number) => ({ size: size + 3, leaf: "a".repeat(64) })],
    ["has another entry where one was seen", (size: number) => ({ size, leaf: "b".repeat(64) })],
  ])(
    "a ledger that %s stops the workspace, once, until two people have looked, and expires what waits",
    async (_name, seenOf) => {
      tenant = await givenTenant();
      [admin] = [await tenant.person("admin", "operator", "reviewer")];
      await changeSettings(admin, { outcome_due_minutes: 10 });
      await sequenceLedger(tenant.system);
      const asked = await givenApproval(tenant, { dri: await tenant.person("viewer") });
      const seen = seenOf((await anchorNow()).size);

      expect(await detectRestore(tenant.system, seen)).toEqual({ restored: true });
      expect(await detectRestore(tenant.system, seen)).toEqual({ restored: true });
      const { items, workspace } = await listStops(admin);
      expect(workspace.stage).toBe("stopped");
      expect(items).toMatchObject([{ requested_by: null, reason: expect.stringContaining("restored copy") }]);
      expect(await readApproval(admin, asked.id)).toMatchObject({ state: "expired" });
      const { items: entries } = await listEntries(admin, { kind: "workspace.restored", limit: 10 });
      expect(entries.map(({ body }) => body["details"])).toMatchObject([
        { approvals_expired: 0 },
        { approvals_expired: 1, seen_size: seen.size },
      ]);

      const second = await tenant.person("operator");
      const consent = ResumeStopInput.parse({ stop_id: items[0]?.id, note: "compared with the log" });
      expect(await resumeStop(admin, consent)).toMatchObject({ resumed: false });
      expect(await resumeStop(second, consent)).toMatchObject({ resumed: true, stage: "reads_only" });
    },
  );
});
