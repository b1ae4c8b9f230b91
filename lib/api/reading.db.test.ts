import { beforeEach, describe, expect, test } from "vitest";

import { givenWorkspace } from "@/lib/testing/client";

import { createApp } from "./app";

// What people write is read beside the event loop: whatever it is, the loop that decides goes round.

const app = createApp({ draining: false });
let token: string;

// Each test is another person's, so that none uses up the other's time.
beforeEach(async () => {
  ({ token } = await givenWorkspace());
});

async function lint(text: string) {
  const response = await app.request("/api/v1/agents/someone/manifests/lint", {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/yaml" },
    body: text,
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

/** How long the longest wait of the loop was while something was done, and how long that took. */
async function whileTicking<T>(work: () => Promise<T>) {
  const started = performance.now();
  let [last, longest] = [started, 0];
  const clock = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  const result = await work();
  clearInterval(clock);
  return { result, longest, took: performance.now() - started };
}

const manyTools = (count: number) =>
  `agent: { id: someone }\ntools:\n  allowed:\n${Array.from({ length: count }, (_, index) => `    - name: tool_${index}\n      constraints: { max_amount: 500, allowed_statuses: [open, closed] }\n`).join("")}`;

describe("linting", () => {
  test.each([
    ["200 kB of quotes", `a: ${'"'.repeat(200_000)}`, [200, 422, 429]],
    ["a manifest of 900 tools", manyTools(900), [200, 422]],
  ])(
    "%s leaves the event loop to others",
    async (_what, text, statuses) => {
      await lint(`${manyTools(30)}# so that the thread has started\n${"#".repeat(2_000)}`);

      const { result, longest, took } = await whileTicking(() => lint(text));

      expect(statuses).toContain(result.status);
      expect(took).toBeGreaterThan(200);
      expect(longest).toBeLessThan(took / 2);
    },
    60_000,
  );

  test("says the same of a long manifest as of a short one", async () => {
    const [short, long] = [await lint(manyTools(2)), await lint(`${manyTools(2)}#${" ".repeat(3_000)}`)];

    expect(short.status).toBe(200);
    expect(long).toEqual(short);
  }, 60_000);
});
