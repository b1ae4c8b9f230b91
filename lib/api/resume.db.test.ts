import { afterAll, beforeAll, expect, test } from "vitest";

import { givenAgent, givenOperator, givenWorkspace, send } from "@/lib/testing/client";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

let replicas: Replicas;
let url: string;

beforeAll(async () => {
  replicas = await startReplicas(1);
  url = replicas.urls[0] ?? "";
}, 60_000);
afterAll(() => replicas.stop());

const manifest = (handle: string) =>
  `agent: {id: ${handle}}\ntools: {allowed: [{name: read_customer_record}]}\nexecution: {max_steps: 2}\n`;

test.each([0, 3])("two more steps are two more steps, however often the halted run asked on (%i)", async (asked) => {
  const { token: admin } = await givenWorkspace();
  const { key } = await givenAgent(url, admin, { manifest });
  const people = [await givenOperator(url, admin), await givenOperator(url, admin)];
  const decide = async () => {
    const call = { session_id: "s", run_id: "r", tool: "read_customer_record", args: { customer_id: "C-1" } };
    return (await send(url, "/api/v1/decisions", key, call)).body["verdict"];
  };
  const times = async (count: number) => {
    const verdicts: unknown[] = [];
    while (verdicts.length < count) verdicts.push(await decide());
    return verdicts;
  };

  expect(await times(3)).toEqual(["allow", "allow", "halt"]);
  expect(new Set(await times(asked))).toEqual(new Set(asked > 0 ? ["halt"] : []));
  for (const round of [1, 2]) {
    const stops: { items: { id: string; resumed_at: string | null }[] } = JSON.parse(
      JSON.stringify((await send(url, "/api/v1/stops", admin)).body),
    );
    const open = stops.items.find((stop) => stop.resumed_at === null);
    for (const person of people)
      await send(url, `/api/v1/stops/${open?.id}?extra_steps=2`, person, undefined, { method: "DELETE" });
    expect({ round, verdicts: await times(3) }).toEqual({ round, verdicts: ["allow", "allow", "halt"] });
  }
});
