import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, describe, expect, test } from "vitest";

import { PriceOverrideInput } from "@/lib/core/costs/schema";
import { transact, workspaceDb } from "@/lib/data/db";
import { ingestPool } from "@/lib/data/ingest-pool";
import { refusal } from "@/lib/testing/refusal";
import { givenTenant, type Tenant } from "@/lib/testing/tenant";
import { givenEvent, givenSender, givenStored } from "@/lib/testing/trace-events";

import { policyOf } from "../traces/policy";
import { traceStore } from "../traces/stores";
import { listPrices } from "./list-prices";
import { lookUpPrice } from "./look-up-price";
import { removePriceOverride } from "./remove-price-override";
import { setPriceOverride } from "./set-price-override";

afterAll(() => ingestPool.end());

const override = (fields: object = {}) =>
  PriceOverrideInput.parse({
    provider: "openai",
    model: "gpt-4.1-mini",
    valid_from: "2026-01-01T00:00:00Z",
    prices: { input_usd_per_mtok: "7", output_usd_per_mtok: "9" },
    ...fields,
  });
const PLAIN = { model: "gpt-4.1-mini", provider: "openai", input_tokens: 0, batch: false };

/** What the ledger says of prices, and by whom. */
const entries = async ({ workspaceId }: Tenant) => {
  const rows = await workspaceDb(workspaceId).ledgerEntry.findMany({
    where: { workspaceId, kind: { startsWith: "price." } },
    orderBy: { id: "asc" },
  });
  return rows.map(({ body }) => JSON.parse(body) as object);
};

describe("a price of the workspace's own", () => {
  test("is set and removed by administrators alone, and seen by every member", async () => {
    const tenant = await givenTenant();
    const { id } = await setPriceOverride(await tenant.person("admin"), override());
    for (const role of ["viewer", "reviewer", "operator", "policy_admin"] as const) {
      const person = await tenant.person(role);
      expect(await refusal(setPriceOverride(person, override()))).toBe("role_missing");
      expect(await refusal(removePriceOverride(person, { id }))).toBe("role_missing");
      expect((await listPrices(person)).overrides.map((item) => item.id)).toEqual([id]);
      expect((await lookUpPrice(person, PLAIN)).priced).toBe(true);
    }
  });

  test("stands in front of the bundled table, and is in the ledger with who changed it", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    expect(await lookUpPrice(admin, PLAIN)).toMatchObject({
      priced: true,
      price_ref: expect.stringMatching(/^genai-prices@/),
    });
    const { id } = await setPriceOverride(admin, override());
    expect(await lookUpPrice(admin, PLAIN)).toMatchObject({
      priced: true,
      price_ref: `override@${id}#openai/gpt-4.1-mini#standard`,
      rates: expect.arrayContaining([
        { bucket: "input", usd: "7.00", per: "mtok" },
        { bucket: "output", usd: "9.00", per: "mtok" },
      ]),
    });
    await removePriceOverride(admin, { id });
    expect(await lookUpPrice(admin, PLAIN)).toMatchObject({ price_ref: expect.stringMatching(/^genai-prices@/) });
    expect(await refusal(removePriceOverride(admin, { id }))).toBe("not_found");
    const { overrides, earlier } = await listPrices(admin);
    expect(overrides).toEqual([]);
    expect(earlier).toMatchObject([
      { id, created_by: "Test admin", removed_by: "Test admin", removed_at: expect.any(Date) },
    ]);
    expect(await entries(tenant)).toMatchObject([
      {
        kind: "price.set",
        actor: { id: admin.actor.memberId },
        details: { override: { id, prices: { input_usd_per_mtok: "7" } }, replaces: [] },
      },
      { kind: "price.remove", actor: { id: admin.actor.memberId }, details: { override: { id } } },
    ]);
  });

  test("replaces one for the same names, tier and beginning, and no other", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    const first = await setPriceOverride(admin, override());
    const later = await setPriceOverride(admin, override({ valid_from: "2026-06-01T00:00:00Z" }));
    const batch = await setPriceOverride(admin, override({ batch: true }));
    const again = await setPriceOverride(
      admin,
      override({ model: "GPT-4.1-mini", valid_from: "2026-01-01T01:00:00+01:00" }),
    );
    const { overrides, earlier } = await listPrices(admin);
    expect(overrides.map(({ id }) => id).toSorted()).toEqual([later.id, batch.id, again.id].toSorted());
    expect(earlier.map(({ id }) => id)).toEqual([first.id]);
  });

  test("set twice at the same moment is in force once", async () => {
    const tenant = await givenTenant();
    const [one, other] = await Promise.all([tenant.person("admin"), tenant.person("admin")]);
    await Promise.all([setPriceOverride(one, override()), setPriceOverride(other, override())]);
    expect((await listPrices(one)).overrides).toHaveLength(1);
  });

  test("is nobody else's", async () => {
    const [tenant, other] = await Promise.all([givenTenant(), givenTenant()]);
    const stranger = await other.person("admin");
    const { id } = await setPriceOverride(await tenant.person("admin"), override());
    expect((await listPrices(stranger)).overrides).toEqual([]);
    expect(await refusal(removePriceOverride(stranger, { id }))).toBe("not_found");
    expect(await lookUpPrice(stranger, PLAIN)).toMatchObject({ price_ref: expect.stringMatching(/^genai-prices@/) });
    const seen = await transact(
      workspaceDb(other.workspaceId),
      (tx) => tx.$queryRaw<unknown[]>`SELECT 1 FROM price_overrides`,
    );
    expect(seen).toEqual([]);
    const rewrite = workspaceDb(tenant.workspaceId).$executeRaw`UPDATE price_overrides SET content = '{}'`;
    await expect(rewrite).rejects.toThrow(/permission denied/);
  });

  test("prices what comes in within seconds", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    const refNow = async () => {
      const { prices } = await policyOf(tenant.workspaceId);
      const plain = { serviceTier: null, batch: false, inputTokens: 10 };
      const answer = prices.ratesFor({ provider: "openai", model: "gpt-4.1-mini", at: new Date(), ...plain });
      return answer.ok ? answer.ref : answer.why;
    };
    expect(await refNow()).toMatch(/^genai-prices@/);
    const before = (await policyOf(tenant.workspaceId)).prices;
    const { id } = await setPriceOverride(admin, override());
    await sleep(2_100);
    expect(await refNow()).toMatch(`override@${id}#`);
    const after = (await policyOf(tenant.workspaceId)).prices;
    expect(after).not.toBe(before);
    await sleep(2_100);
    expect((await policyOf(tenant.workspaceId)).prices).toBe(after); // nothing changed, so what it remembers stays
    await removePriceOverride(admin, { id });
    await sleep(2_100);
    expect(await refNow()).toMatch(/^genai-prices@/);
  });
});

describe("what has a price", () => {
  test("is told as a share of tokens, with the models that have none", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    const nothing = await listPrices(admin);
    expect(nothing).toMatchObject({
      known: { tokens: "0", of_tokens: "0", percent: null },
      unpriced: [],
      unpriced_models: 0,
    });
    const sender = { ...givenSender(), receivedAt: new Date() };
    const own = (model: string | null, input: number) => {
      const tokens = { ...NO_TOKENS, input, output: 0 };
      const event = givenEvent({ provider: "acme", model, modelRequested: null, tokens });
      return givenStored(sender, event, {
        cost: { picos: null, computedPicos: null, status: "unpriced", priceRef: null },
      });
    };
    const priced = givenStored(sender, givenEvent({ tokens: { ...NO_TOKENS, input: 870, output: 0 } }));
    await traceStore.write(tenant.workspaceId, [priced, own("house-model", 30), own("house-model", 60), own(null, 40)]);
    const { known, unpriced, unpriced_models } = await listPrices(admin);
    expect(known).toEqual({ tokens: "870", of_tokens: "1000", percent: 87 });
    expect(unpriced).toEqual([
      {
        provider: "acme",
        model: "house-model",
        calls: 2,
        tokens: "90",
        now: expect.objectContaining({ why: "unknown_provider" }),
      },
      { provider: "acme", model: "", calls: 1, tokens: "40", now: expect.objectContaining({ why: "no_model" }) },
    ]);
    expect(unpriced_models).toBe(2);
    await setPriceOverride(admin, override({ provider: "acme", model: "house-*" }));
    expect((await listPrices(admin)).unpriced[0]).toMatchObject({ model: "house-model", now: { priced: true } });
  });
});

const NO_TOKENS = {
  input: null,
  output: null,
  cacheRead: null,
  cacheWrite: null,
  cacheWrite1h: null,
  reasoning: null,
  audioIn: null,
  audioOut: null,
};
