import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";

import { makeWorkerUtils, runOnce } from "graphile-worker";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

import { allowSignIn } from "@/lib/cli/stack/application-role.mjs";
import { env } from "@/lib/platform/env";

import { givenTenant } from "./tenant";
import { connectOwner } from "./owner";

// The product's processes sign in to the embedded database as interlock_app. Nothing they can say makes them anybody else.

let near: string;
let url: string;
let app: pg.Client;

beforeAll(async () => {
  near = mkdtempSync(path.join(env.INTERLOCK_DATA_DIR, "role-"));
  url = await allowSignIn(near, env.DATABASE_URL);
  app = new pg.Client({ connectionString: url });
  await app.connect();
  await givenTenant();
});
afterAll(async () => {
  await app.end();
  rmSync(near, { recursive: true });
});

const whoAmI = async () => {
  const { rows } = await app.query<{ session: string; current: string; superuser: string }>(
    `SELECT session_user::text AS session, current_user::text AS current, current_setting('is_superuser') AS superuser`,
  );
  return rows[0];
};
const NOBODY_ELSE = { session: "interlock_app", current: "interlock_app", superuser: "off" };

describe("the application's connection", () => {
  test.each([
    "RESET ROLE",
    "SET ROLE NONE",
    "SET ROLE interlock_app",
    "RESET SESSION AUTHORIZATION",
    "SET SESSION AUTHORIZATION DEFAULT",
    "RESET ALL",
    "DISCARD ALL",
  ])("stays what it is after %s", async (statement) => {
    await app.query(statement);
    expect(await whoAmI()).toEqual(NOBODY_ELSE);
  });

  test.each([
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "SET LOCAL ROLE pg_read_all_data",
    "ALTER ROLE interlock_app SUPERUSER",
    "ALTER ROLE interlock_app BYPASSRLS",
    "CREATE ROLE another SUPERUSER LOGIN",
    "GRANT postgres TO interlock_app",
    "ALTER TABLE members DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE ledger_entries DISABLE TRIGGER ALL",
    "DROP TABLE members",
    "CREATE TABLE public.mine (id int)",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION list_workspace_ids() RETURNS TABLE (id uuid) LANGUAGE sql AS 'SELECT NULL::uuid'",
    "CREATE TEMPORARY TABLE workspaces (id uuid)",
    "CREATE TEMPORARY VIEW workspaces AS SELECT NULL::uuid AS id",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "CREATE EXTENSION plpython3u",
    "COPY members TO PROGRAM 'cat'",
    "COPY members FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SET session_replication_role = replica",
  ])("may not %s", async (statement) => {
    await expect(app.query(statement)).rejects.toMatchObject({ code: expect.stringMatching(/^(42501|0A000)$/) });
    expect(await whoAmI()).toEqual(NOBODY_ELSE);
  });

  test("sees no row without a workspace", async () => {
    expect((await app.query("SELECT 1 FROM members LIMIT 1")).rowCount).toBe(0);
    expect((await app.query("SELECT 1 FROM list_workspace_ids() LIMIT 1")).rowCount).toBe(1);
  });

  test("has a password that only the installation's user can read, and keeps it", async () => {
    const file = path.join(near, "application-password");
    expect(statSync(file).mode & 0o077).toBe(0);
    const before = readFileSync(file, "utf8");
    expect(await allowSignIn(near, env.DATABASE_URL)).toBe(url);
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(new URL(url).password).not.toBe(new URL(env.DATABASE_URL).password);
  });
});

test("no function that runs as its owner looks into temporary objects first", async () => {
  const owner = await connectOwner();
  try {
    const { rows } = await owner.query(
      `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE n.nspname = 'public' AND p.prosecdef
         AND NOT coalesce(array_to_string(p.proconfig, ','), '') ~ 'search_path=[^,]*(, *[^,]*)*pg_temp'`,
    );
    expect(z.array(z.object({ name: z.string() })).parse(rows)).toEqual([]);
  } finally {
    await owner.end();
  }
});

test("background jobs make their tables and run with nothing more", async () => {
  let ran = 0;
  const utils = await makeWorkerUtils({ connectionString: url });
  try {
    await utils.migrate();
    await utils.addJob("probe", {});
  } finally {
    await utils.release();
  }
  await runOnce({ connectionString: url, noHandleSignals: true, taskList: { probe: () => void (ran += 1) } });
  expect(ran).toBe(1);
});
