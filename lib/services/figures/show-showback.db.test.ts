import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ShowbackQuery } from "@/lib/core/figures/showback";
import { SpendQuery } from "@/lib/core/figures/spend";
import { decimalOf, exactAt } from "@/lib/core/shared/decimal";
import { ingestPool } from "@/lib/data/ingest-pool";
import { pgTraceStore } from "@/lib/data/pg-trace-store";
import { refusal } from "@/lib/testing/refusal";
import { givenSpend, givenSpendingAgents } from "@/lib/testing/spend-events";
import { givenTenant, type Person } from "@/lib/testing/tenant";
import { givenEvent, givenSender, givenStored, nsOf } from "@/lib/testing/trace-events";

import { exportShowback, showShowback } from "./show-showback";
import { showSpend } from "./show-spend";

afterAll(() => ingestPool.end());

const NOW = new Date("2026-10-27T15:42:10Z");
const asked = (month: string, tz?: string) => ShowbackQuery.parse({ month, ...(tz !== undefined && { tz }) });
const picos = (usd: string | undefined): bigint =>
  exactAt(decimalOf(usd ?? "") ?? { digits: 0n, exponent: 0 }, 12) ?? 0n;
const sum = (amounts: readonly string[]): bigint => amounts.reduce((all, usd) => all + picos(usd), 0n);

describe("showback", () => {
  let person: Person;
  beforeAll(async () => {
    const tenant = await givenTenant();
    person = { ...(await tenant.person("admin")), now: NOW };
    const agents = await givenSpendingAgents(person, 5);
    await pgTraceStore.write(tenant.workspaceId, givenSpend(agents, 900, NOW));
    const odd = givenEvent({ startNs: nsOf(NOW), model: "=HYPERLINK(1)", modelRequested: "=HYPERLINK(1)" });
    await pgTraceStore.write(tenant.workspaceId, [
      givenStored({ ...givenSender(), agentId: agents[0] ?? givenSender().agentId }, odd),
    ]);
    await pgTraceStore.write((await givenTenant()).workspaceId, [
      givenStored(givenSender(), givenEvent({ startNs: nsOf(NOW) })),
    ]);
  }, 60_000);

  test.each(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])(
    "of a month in %s is the spend of that month, by owner, agent and part",
    async (tz) => {
      for (const [month, next] of [
        ["2026-09", "2026-10"],
        ["2026-10", "2026-11"],
      ] as const) {
        const shown = await showShowback(person, asked(month, tz));
        const { total } = await showSpend(
          person,
          SpendQuery.parse({ from: `${month}-01`, to: `${next}-01`, cmp: "none", tz }),
        );
        const { now } = total;
        expect(picos(shown.total.cost_usd)).toBe(BigInt(now.costPicos));
        expect(shown.total).toMatchObject({
          runs: now.runs,
          succeeded: now.succeeded,
          tokens_input: now.tokensInput,
          tokens_output: now.tokensOutput,
          model_calls: now.modelCalls,
        });
        const agents = shown.owners.flatMap((owner) => owner.agents);
        expect(sum(shown.owners.map((owner) => owner.total.cost_usd))).toBe(BigInt(now.costPicos));
        expect(sum(agents.map((agent) => agent.total.cost_usd))).toBe(BigInt(now.costPicos));
        for (const { total: own, parts } of agents)
          expect(sum(parts.map((part) => part.cost_usd))).toBe(picos(own.cost_usd));
        expect(shown.unfinished).toBe(month === "2026-10");
      }
    },
  );

  test("is a file that names month and zone, adds up, and runs no formula", async () => {
    const text = await exportShowback(person, asked("2026-10", "Europe/Berlin"));
    expect(text).toMatch(/^# Interlock: showback\r\n# month,"?2026-10, so far"?\r\n# zone,Europe\/Berlin\r\n/);
    const lines = parse(text, { relax_column_count: true }).filter(([first = ""]) => !first.startsWith("# "));
    const [head = [], ...rows] = lines;
    const cost = (kind: string) =>
      rows.filter((row) => row[2] === kind).map((row) => row[head.indexOf("cost_usd")] ?? "");
    expect(sum(cost("agent"))).toBe(sum(cost("all")));
    expect(sum(cost("owner"))).toBe(sum(cost("all")));
    expect(sum(["model", "tool", "other"].flatMap(cost))).toBe(sum(cost("all")));
    expect(rows.map((row) => row[3])).toContain("'=HYPERLINK(1)");
  });

  test("is refused for a month that has not begun and a zone that is none", async () => {
    expect(await refusal(showShowback(person, asked("2026-12")))).toBe("invalid_input");
    expect(await refusal(showShowback(person, asked("2026-10", "Mars/Base")))).toBe("invalid_input");
    expect(ShowbackQuery.safeParse({ month: "2026-13" }).success).toBe(false);
  });
});
