import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, test } from "@playwright/test";

import { secondOperator } from "./people";
import { admin } from "./playwright.config";

// The `interlock` command as an operator uses it, against the running server.

const root = path.resolve(import.meta.dirname, "..");

test.describe.configure({ timeout: 60_000 });

type Ran = { code: number; out: string; err: string };

const interlock = (baseURL: string | undefined, ...args: string[]) => interlockAs(admin.token, baseURL, ...args);

function interlockAs(token: string, baseURL: string | undefined, ...args: string[]): Promise<Ran> {
  const env = { ...process.env, INTERLOCK_URL: baseURL ?? "", INTERLOCK_TOKEN: token };
  return new Promise((resolve) => {
    execFile(process.execPath, ["lib/cli/interlock.cjs", ...args], { cwd: root, env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

test("an agent is created, its manifest linted and published, and the ledger written to a file", async ({
  baseURL,
}) => {
  const id = `command-${randomUUID().slice(0, 8)}`;
  const folder = mkdtempSync(path.join(tmpdir(), "interlock-"));
  const manifest = path.join(folder, "agent.yaml");
  writeFileSync(manifest, `agent:\n  id: "${id}"\ntools:\n  allowed:\n    - name: "read_customer_record"\n`);
  const made = await interlock(
    baseURL,
    "agent",
    "create",
    id,
    "--task",
    "Test.",
    "--dri",
    admin.email,
    "--manifest",
    manifest,
    "--json",
  );
  expect(made.code, made.err).toBe(0);
  expect(JSON.parse(made.out)).toMatchObject({ agent_id: id, key: expect.stringMatching(/^ilk_/) });

  expect(await interlock(baseURL, "manifest", "lint", manifest, "--agent", id)).toMatchObject({ code: 0 });
  writeFileSync(manifest, `agent:\n  id: "${id}"\ntools:\n  allowed:\n    - name: "a"\n      requires_aproval: true\n`);
  const faulty = await interlock(baseURL, "manifest", "lint", manifest, "--agent", id);
  expect(faulty).toMatchObject({ code: 1, out: expect.stringContaining(":6:7: error:") });
  writeFileSync(manifest, `agent:\n  id: "${id}"\ntools:\n  blocked: ["read_*"]\n`);
  expect(await interlock(baseURL, "manifest", "publish", manifest, "--agent", id)).toMatchObject({
    code: 0,
    out: expect.stringContaining("Version 2 is published"),
  });

  const ledger = path.join(folder, "ledger.jsonl");
  expect(await interlock(baseURL, "ledger", "export", "--out", ledger)).toMatchObject({ code: 0 });
  expect(readFileSync(ledger, "utf8")).toContain(id);
});

test("a stop is made and ended by two people, approvals are listed, a token is made", async ({ baseURL, request }) => {
  expect(await interlock(baseURL, "stop", "--reason", "command test")).toMatchObject({
    code: 0,
    out: expect.stringContaining("Stopped (workspace)"),
  });
  expect(await interlock(baseURL, "resume", "--note", "done")).toMatchObject({
    code: 0,
    out: expect.stringContaining("second person"),
  });
  expect(await interlock(baseURL, "resume", "--note", "done again")).toMatchObject({ code: 1 });
  const { token } = await secondOperator(request);
  expect(await interlockAs(token, baseURL, "resume", "--note", "agreed")).toMatchObject({
    code: 0,
    out: expect.stringContaining("interlock recover"),
  });
  expect(await interlock(baseURL, "recover", "--note", "reads look right")).toMatchObject({
    code: 0,
    out: expect.stringContaining("The workspace runs"),
  });
  const listed = await interlock(baseURL, "approvals", "list", "--json");
  expect(JSON.parse(listed.out).items.length).toBeGreaterThan(0);
  expect(await interlock(baseURL, "token", "create", "--name", "t")).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^ilp_/),
  });
});

test("wrong usage ends with 2 and a refusal with 1", async ({ baseURL }) => {
  expect(await interlock(baseURL, "bogus")).toMatchObject({ code: 2 });
  expect(await interlock(baseURL, "approvals", "approve", "01a1f000-0000-7000-8000-000000000000")).toMatchObject({
    code: 1,
  });
  expect(await interlock("http://127.0.0.1:1", "approvals", "list")).toMatchObject({
    code: 1,
    err: expect.stringContaining("No server answers"),
  });
});
