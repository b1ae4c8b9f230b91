import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import type { RedactionRule } from "@/lib/core/redaction/schema";
import { workspaceDb } from "@/lib/data/db";
import { refusal } from "@/lib/testing/refusal";
import { givenTenant } from "@/lib/testing/tenant";

import { policyOf } from "../traces/policy";
import { setRedaction } from "./set-redaction";
import { showRedaction } from "./show-redaction";
import { tryRedaction } from "./try-redaction";

const KEEP_EMAIL: RedactionRule = { where: "tool.args.to", detector: "email", action: "keep", agent: null };
const STRICT = { keep_content: false, rules: [] };
const LOOSE = { keep_content: true, rules: [KEEP_EMAIL] };

describe("how a workspace redacts", () => {
  test("is seen by every member and changed by administrators alone, whichever way it goes", async () => {
    const tenant = await givenTenant();
    for (const role of ["viewer", "reviewer", "operator", "policy_admin"] as const) {
      const person = await tenant.person(role);
      expect(await showRedaction(person)).toEqual({ version: 0, settings: STRICT });
      for (const settings of [LOOSE, STRICT])
        expect(await refusal(setRedaction(person, { version: 0, settings }))).toBe("role_missing");
      const trial = { settings: LOOSE, place: "tool.args", agent: "", text: "a" } as const;
      expect(await refusal(tryRedaction(person, trial))).toBe("role_missing");
    }
  });

  test("changes in versions, and the ledger says what is kept that was not before", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    expect(await setRedaction(admin, { version: 0, settings: LOOSE })).toEqual({ version: 1, settings: LOOSE });
    expect(await refusal(setRedaction(admin, { version: 0, settings: STRICT }))).toBe("stale_version");
    await setRedaction(admin, { version: 1, settings: STRICT });
    expect(await showRedaction(admin)).toEqual({ version: 2, settings: STRICT });
    const entries = await workspaceDb(tenant.workspaceId).ledgerEntry.findMany({
      where: { workspaceId: tenant.workspaceId, kind: "redaction.set" },
      orderBy: { id: "asc" },
    });
    expect(entries.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      {
        actor: { id: admin.actor.memberId },
        details: { loosens: ["Content is kept.", "email is kept at tool.args.to."], after: { version: 1 } },
      },
      { details: { loosens: [], before: { version: 1 }, after: { version: 2 } } },
    ]);
  });

  test("is nobody else's", async () => {
    const [tenant, other] = await Promise.all([givenTenant(), givenTenant()]);
    await setRedaction(await tenant.person("admin"), { version: 0, settings: LOOSE });
    expect(await showRedaction(await other.person("admin"))).toEqual({ version: 0, settings: STRICT });
    const rows = workspaceDb(other.workspaceId).redactionVersion.findMany();
    expect(await rows).toEqual([]);
    const rewrite = workspaceDb(tenant.workspaceId).$executeRaw`UPDATE redaction_versions SET content = '{}'`;
    await expect(rewrite).rejects.toThrow(/permission denied/);
  });

  test("holds for what comes in within seconds", async () => {
    const tenant = await givenTenant();
    const keeps = async () => (await policyOf(tenant.workspaceId)).redactor("any", (text) => text).keepsContent;
    expect(await keeps()).toBe(false);
    await setRedaction(await tenant.person("admin"), { version: 0, settings: LOOSE });
    await sleep(2_100);
    expect(await keeps()).toBe(true);
  });
});

describe("trying a rule", () => {
  test("shows what would be stored, and what was found where", async () => {
    const admin = await (await givenTenant()).person("admin");
    const text = JSON.stringify({ to: "ada@example.com", cc: "bob@example.com", password: "Tr0ub4dor&3xyz" });
    const trial = await tryRedaction(admin, { settings: LOOSE, place: "tool.args", agent: "", text });
    expect(trial).toEqual({
      is_kept: true,
      stored: {
        to: "ada@example.com",
        cc: expect.stringMatching(/^\[email:h[0-9a-f]{16}\]$/),
        password: "[redacted:secret]",
      },
      findings: [
        { detector: "email", service: null, place: "tool.args.cc", count: 1 },
        { detector: "secret", service: null, place: "tool.args.password", count: 1 },
      ],
    });
  });

  test("takes what is not JSON as text, and says that content is not kept", async () => {
    const admin = await (await givenTenant()).person("admin");
    const text = '{"to": ada@example.com';
    const trial = await tryRedaction(admin, { settings: STRICT, place: "tool.args", agent: "", text });
    expect(trial.stored).toMatch(/^\{"to": \[email:h[0-9a-f]{16}\]$/);
    expect(await tryRedaction(admin, { settings: STRICT, place: "content", agent: "", text })).toEqual({
      is_kept: false,
      stored: null,
      findings: [],
    });
  });
});
