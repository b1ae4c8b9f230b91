import { spawn } from "node:child_process";
import { createServer } from "node:http";

import { expect, test } from "vitest";

const PROBLEM = { type: "about:blank", title: "x", detail: "Not like that.", code: "invalid_input" };

/** Runs the command against a server that answers everything with one problem. */
async function runAgainst(status: number, args: readonly string[]) {
  const server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "application/problem+json" });
    response.end(JSON.stringify({ ...PROBLEM, status }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: "test",
    INTERLOCK_URL: `http://127.0.0.1:${port}`,
    INTERLOCK_TOKEN: "ilp_x",
  };
  const child = spawn(process.execPath, ["lib/cli/interlock.cjs", ...args], { env });
  let words = "";
  child.stderr.on("data", (piece) => (words += String(piece)));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  server.close();
  return { code, words };
}

test("a value the server cannot read is wrong usage, what it refuses is not", { timeout: 60_000 }, async () => {
  const wrong = await runAgainst(400, ["approvals", "list", "--state", "nonsense"]);
  expect(wrong).toMatchObject({ code: 2, words: expect.stringContaining("Not like that.") });
  expect((await runAgainst(409, ["stop", "--reason", "x"])).code).toBe(1);
  expect((await runAgainst(200, ["ledger", "export", "--json"])).code).toBe(2);
});

test("a file that cannot be written is said in words", { timeout: 60_000 }, async () => {
  const { code, words } = await runAgainst(200, ["ledger", "export", "--out", "/nonexistent/bundle.gz"]);
  expect(code).toBe(1);
  expect(words.trim()).toBe("/nonexistent/bundle.gz cannot be written, or the server broke off.");
});
