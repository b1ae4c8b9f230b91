import { beforeAll, describe, expect, test } from "vitest";

import { IncidentFilter, OpenIncidentInput } from "@/lib/core/incidents/schema";
import { FAILURE_CLASSES, FAILURE_WORDS } from "@/lib/core/incidents/failures";
import { ResumeStopInput } from "@/lib/core/workspaces/stop";
import { givenBreach, givenRun } from "@/lib/testing/run";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { listEntries } from "../ledger/list-entries";
import { resumeStop } from "../stops/resume-stop";
import { listIncidents } from "./list-incidents";
import { openIncident } from "./open-incident";
import { resolveIncident } from "./resolve-incident";
import { showIncident } from "./show-incident";

let tenant: Tenant;
let operator: Person;
let dri: Person;

beforeAll(async () => {
  tenant = await givenTenant();
  [operator, dri] = [await tenant.person("operator"), await tenant.person("operator")];
});

describe("incidents", () => {
  test("every class says which gap it is and which control prevents the next", () => {
    for (const failure of FAILURE_CLASSES) {
      expect(FAILURE_WORDS[failure].gap).not.toBe("");
      expect(FAILURE_WORDS[failure].control).not.toBe("");
    }
  });

  test("one that a breach left shows its run, its rule and who has to agree before the run goes on", async () => {
    const breach = await givenBreach(tenant, dri);
    const ben = await tenant.person("admin");
    await resumeStop(operator, ResumeStopInput.parse({ stop_id: breach.stopId, note: "one loop too many" }));
    const shown = await showIncident(operator, breach.incidentId);
    expect(shown).toMatchObject({
      class: "runaway_execution",
      rule: "execution.max_steps",
      state: "open",
      agent: breach.agent,
      run_id: breach.runId,
      opened_by: null,
      gap: FAILURE_WORDS.runaway_execution.gap,
      stop: { stop_id: breach.stopId, consents: [{ member_id: operator.actor.memberId, counts: true }] },
    });
    const ids = shown.resumers.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([operator.actor.memberId, ben.actor.memberId]));
    expect(ids).not.toContain(dri.actor.memberId);
  });

  test("an operator opens one by hand and resolves it once, each in the ledger", async () => {
    const { agent, runId } = await givenRun(tenant, dri);
    const input = OpenIncidentInput.parse({
      agent,
      class: "rogue_action",
      title: "Wrote to the wrong list",
      run: runId,
    });
    const { incident_id } = await openIncident(operator, input);
    expect(await showIncident(operator, incident_id)).toMatchObject({ rule: "person", run_id: runId, stop: null });
    await resolveIncident(operator, { id: incident_id, note: "The list is blocked now." });
    await expect(resolveIncident(operator, { id: incident_id, note: "again" })).rejects.toMatchObject({
      code: "conflict",
      reason: "already_resolved",
    });
    for (const kind of ["incident.open", "incident.resolve"]) {
      const { items } = await listEntries(operator, { kind, limit: 1 });
      expect(items[0]?.body["details"]).toMatchObject({ incident: incident_id, agent, class: "rogue_action" });
    }
    const open = await listIncidents(operator, IncidentFilter.parse({ agent, state: "open" }));
    expect(open.items).toEqual([]);
    const resolved = await listIncidents(operator, IncidentFilter.parse({ agent, state: "resolved" }));
    expect(resolved.items).toMatchObject([{ id: incident_id, note: "The list is blocked now." }]);
  });

  test("is for operators to open, and for its own agent's runs only", async () => {
    const [one, other] = [await givenRun(tenant, dri), await givenRun(tenant, dri)];
    const input = OpenIncidentInput.parse({ agent: one.agent, class: "rogue_action", title: "x", run: other.runId });
    await expect(openIncident(operator, input)).rejects.toMatchObject({ code: "not_found" });
    await expect(openIncident(await tenant.person("reviewer"), input)).rejects.toMatchObject({ code: "forbidden" });
  });

  test("another workspace's incident does not exist", async () => {
    const breach = await givenBreach(tenant, dri);
    const stranger = await (await givenTenant()).person("operator");
    await expect(showIncident(stranger, breach.incidentId)).rejects.toMatchObject({ code: "not_found" });
    await expect(resolveIncident(stranger, { id: breach.incidentId, note: "x" })).rejects.toMatchObject({
      code: "not_found",
    });
    expect((await listIncidents(stranger, IncidentFilter.parse({}))).items).toEqual([]);
  });
});
