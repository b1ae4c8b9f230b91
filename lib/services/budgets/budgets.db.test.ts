import { afterAll, describe, expect, test } from "vitest";

import { BudgetInput } from "@/lib/core/budgets/schema";
import { NO_DIMENSIONS } from "@/lib/core/traces/event";
import { workspaceDb } from "@/lib/data/db";
import { ingestPool } from "@/lib/data/ingest-pool";
import { refusal } from "@/lib/testing/refusal";
import { givenTenant, type Tenant } from "@/lib/testing/tenant";
import { givenEvent, givenSender, givenStored, nsOf } from "@/lib/testing/trace-events";

import { traceStore } from "../traces/stores";
import { listBudgets } from "./list-budgets";
import { previewBudget } from "./preview-budget";
import { removeBudget } from "./remove-budget";
import { setBudget } from "./set-budget";
import { watchBudgets } from "./watch-budgets";

afterAll(() => ingestPool.end());

const DAY_MS = 86_400_000;
/** What `givenStored` says that one call costs: 717 millionths of a dollar. */
const CALL = 717_000_000n;
const TOKENS_A_CALL = 1_540n;

const budget = (fields: object = {}) =>
  BudgetInput.parse({ scope: "workspace", period: "day", metric: "cost_usd", amount: "0.01", ...fields });

/** Model calls of a customer at a moment. */
async function given({ workspaceId }: Tenant, count: number, at: Date, customer = "acme"): Promise<void> {
  const sender = givenSender();
  const dimensions = { ...NO_DIMENSIONS, customer };
  await traceStore.write(
    workspaceId,
    Array.from({ length: count }, () => givenStored(sender, givenEvent({ startNs: nsOf(at), dimensions }))),
  );
}

const entries = async ({ workspaceId }: Tenant) => {
  const rows = await workspaceDb(workspaceId).ledgerEntry.findMany({
    where: { workspaceId, kind: { startsWith: "budget." } },
    orderBy: { id: "asc" },
  });
  return rows.map(({ body }) => JSON.parse(body) as { kind: string; details: Record<string, unknown> });
};

describe("a budget that warns", () => {
  test("is set and removed by administrators alone, replaces its like, and is nobody else's to see", async () => {
    const [tenant, other] = [await givenTenant(), await givenTenant()];
    const admin = await tenant.person("admin");
    for (const role of ["viewer", "operator", "policy_admin"] as const) {
      expect(await refusal(setBudget(await tenant.person(role), budget()))).toBe("role_missing");
    }
    const first = await setBudget(admin, budget());
    const second = await setBudget(admin, budget({ amount: "0.02" }));
    await setBudget(admin, budget({ period: "month" }));
    const shown = await listBudgets(await tenant.person("viewer"));
    expect(shown.budgets.map(({ period, amount }) => [period, amount])).toEqual([
      ["day", "0.02"],
      ["month", "0.01"],
    ]);
    const stranger = await other.person("admin");
    expect((await listBudgets(stranger)).budgets).toEqual([]);
    expect(await refusal(removeBudget(stranger, { id: second.id }))).toBe("not_found");
    expect(await refusal(removeBudget(await tenant.person("operator"), { id: second.id }))).toBe("role_missing");
    await removeBudget(admin, { id: second.id });
    expect(await refusal(removeBudget(admin, { id: second.id }))).toBe("not_found");
    expect(await entries(tenant)).toMatchObject([
      { kind: "budget.set", details: { replaces: [] } },
      { kind: "budget.set", details: { replaces: [first.id] } },
      { kind: "budget.set" },
      { kind: "budget.remove", details: { budget: second.id } },
    ]);
  });

  test("names an agent or a person that is there", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    expect(await refusal(setBudget(admin, budget({ scope: "agent", value: "nobody" })))).toBe("invalid_input");
    expect(await refusal(setBudget(admin, budget({ scope: "owner", value: "nobody@example.com" })))).toBe(
      "invalid_input",
    );
  });

  test("uses what events of its subject cost since its period began, and no others", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    await given(tenant, 3, admin.now);
    await given(tenant, 2, admin.now, "other");
    await given(tenant, 7, new Date(admin.now.getTime() - 2 * DAY_MS));
    await given(await givenTenant(), 9, admin.now);
    await setBudget(admin, budget());
    await setBudget(admin, budget({ scope: "customer", value: "acme", metric: "tokens", amount: "1000000" }));
    await setBudget(admin, budget({ scope: "model", value: "gpt-4.1-mini-2025-04-14" }));
    await setBudget(admin, budget({ scope: "model", value: "no-such-model" }));
    const { budgets } = await listBudgets(admin);
    const used = Object.fromEntries(budgets.map(({ scope, value, used: units }) => [`${scope} ${value}`, units]));
    expect(used).toEqual({
      "workspace ": String(5n * CALL),
      "customer acme": String(3n * TOKENS_A_CALL),
      "model gpt-4.1-mini-2025-04-14": String(5n * CALL),
      "model no-such-model": "0",
    });
  });

  test("is told of once at its share and once when it is used up, by however many workers", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    await setBudget(admin, budget());
    expect(await watchBudgets(tenant.system)).toEqual({ told: 0 });
    await given(tenant, 12, admin.now); // 0.008604 of 0.01: over 80 %
    await Promise.all(Array.from({ length: 4 }, () => watchBudgets(tenant.system)));
    await watchBudgets(tenant.system);
    await given(tenant, 2, admin.now); // 0.010038
    await Promise.all(Array.from({ length: 4 }, () => watchBudgets(tenant.system)));
    const told = (await entries(tenant)).filter(({ kind }) => kind !== "budget.set");
    expect(told.map(({ kind, details }) => [kind, details["used"]])).toEqual([
      ["budget.warn", String(12n * CALL)],
      ["budget.over", String(14n * CALL)],
    ]);
  });

  test("is tried on the past: which days it would have been used up, and what came after", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    const twoDaysAgo = new Date(admin.now.getTime() - 2 * DAY_MS);
    await given(tenant, 20, twoDaysAgo); // 0.01434
    await given(tenant, 5, new Date(admin.now.getTime() - 3 * DAY_MS));
    await given(tenant, 50, admin.now);
    const { periods } = await previewBudget(admin, budget());
    expect(periods).toHaveLength(30);
    expect(periods.reduce((sum, { spent }) => sum + BigInt(spent), 0n)).toBe(25n * CALL);
    const over = periods.filter(({ beyond }) => beyond !== "0");
    expect(over).toMatchObject([{ spent: String(20n * CALL), beyond: String(20n * CALL - 10_000_000_000n) }]);
    const hour = new Date(Math.floor(twoDaysAgo.getTime() / 3_600_000) * 3_600_000);
    expect(over[0]?.reached_at).toEqual(hour);
  });
});
