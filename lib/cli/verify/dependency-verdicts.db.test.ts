import { describe, expect, test } from "vitest";

import { exportBundle } from "@/lib/services/ledger/export-bundle";
import { sequenceLedger } from "@/lib/services/ledger/sequence-ledger";
import { reportOutcome } from "@/lib/services/outcomes/report-outcome";
import { changeSettings } from "@/lib/services/workspaces/change-settings";
import { ask, givenAskingAgent } from "@/lib/testing/agent";
import { systemContext } from "@/lib/testing/ledger-run";
import { linesOf, partsOf } from "@/lib/testing/tamper";
import { givenTenant } from "@/lib/testing/tenant";

import { verifyBundle } from "./verify-bundle";

const verify = (lines: readonly string[]) =>
  verifyBundle([lines], { keys: [], since: null, receipts: [], now: () => performance.now() });

describe("decisions about a system that was down", () => {
  test("are judged again from their own entries, whatever settings and catalogue say by then", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin", "policy_admin");
    const tools = [{ name: "charge", reversibility: "reversible", blast_radius: "low", dependency: "stripe.com" }];
    const manifest = "tools:\n  allowed:\n    - {name: charge}\n";
    const given = (handle: string) => givenAskingAgent(tenant, { author: admin, handle, tools, manifest });
    const agents = [await given("a"), await given("b")];
    await changeSettings(admin, { dependency_failures: 3 });
    const verdicts: string[] = [];
    for (const n of [1, 2, 3, 4]) {
      const agent = agents[n % 2] ?? agents[0];
      if (agent === undefined) throw new Error("there are two agents");
      const { decision_id: decisionId, verdict } = await ask(agent, "charge", { args: { n } });
      verdicts.push(verdict);
      if (verdict === "allow") await reportOutcome(agent, { decisionId, outcome: "error" });
    }
    expect(verdicts).toEqual(["allow", "allow", "allow", "deny"]);
    await changeSettings(admin, { dependency_failures: 1_000 });
    await sequenceLedger(systemContext(tenant.workspaceId));

    const texts: string[] = [];
    for await (const text of await exportBundle({ ...admin, now: new Date() })) texts.push(text);
    const lines = texts.join("").trimEnd().split("\n");
    const report = await verify(lines);
    // Nobody signs this log, which is all that is to be said of it.
    expect(report.findings.map(({ code }) => code)).toEqual(["not_pinned", "unsigned_tail"]);
    expect(report).toMatchObject({ decisions: 4, judged: 4, unproven: 0 });

    const changed = lines.map((line) => line.replace('"failures":3,"name"', '"failures":1,"name"'));
    expect(changed).not.toEqual(lines);
    const found = (await verify(linesOf(partsOf(changed)))).findings;
    expect(found.some(({ severity }) => severity === "tampered")).toBe(true);
  });
});
