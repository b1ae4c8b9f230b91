import { glob } from "tinyglobby";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { changedFunctions, functionFiles, migrations } from "@/lib/tooling/write-functions.mjs";
import { type Catalog, differences, only, readCatalog } from "./catalog";
import { connectOwner } from "./owner";

const MOST_LINES = 80;
const LONGEST_LINE = 120;

let owner: Awaited<ReturnType<typeof connectOwner>>;
beforeAll(async () => {
  owner = await connectOwner();
});
afterAll(() => owner.end());
// Each test changes the schema in a transaction of its own that is never committed.
beforeEach(() => owner.query("BEGIN"));
afterEach(() => owner.query("ROLLBACK"));

/** What the files define: they are run in another schema, on the tables of this database. */
async function definedByFiles(texts: string[]): Promise<Catalog> {
  await owner.query("CREATE SCHEMA from_files");
  await owner.query("SET LOCAL search_path = from_files, public");
  for (const text of texts) await owner.query(text);
  const functions = only(await readCatalog(owner, "from_files"), "function", "type", "column");
  // A trigger that no file defines still calls the function in `public`, and is shown with that schema.
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `SELECT 'trigger ' || tgrelid::regclass || '.' || tgname AS name, pg_get_triggerdef(oid) AS definition
     FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0`,
  );
  return new Map([...functions, ...rows.map(({ name, definition }) => [name, definition] as const)]);
}

/** What the database defines of the same kinds. */
async function definedByDatabase(): Promise<Catalog> {
  const catalog = await readCatalog(owner);
  const composites = await owner.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'c'",
  );
  const isOfComposite = (name: string) => composites.rows.some((row) => name.startsWith(`column ${row.name}.`));
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `SELECT 'trigger ' || tgrelid::regclass || '.' || tgname AS name, pg_get_triggerdef(oid) AS definition
     FROM pg_trigger WHERE NOT tgisinternal AND tgparentid = 0`,
  );
  const columns = [...only(catalog, "column")].filter(([name]) => isOfComposite(name));
  const triggers = rows.map(({ name, definition }) => [name, definition] as const);
  return new Map([...only(catalog, "function", "type"), ...columns, ...triggers]);
}

const texts = () => functionFiles().map(({ text }) => text);

test("the migrations end with what the files say", () => {
  expect(changedFunctions().map(({ name }) => name)).toEqual([]);
  // Without the newest of them something is missing, so that this can fail.
  expect(changedFunctions(migrations().slice(0, 1)).map(({ name }) => name)).toContain("batch_write");
});

describe("the functions, types and triggers of the database", () => {
  test("are those of the files", async () => {
    const inDatabase = await definedByDatabase();
    expect(inDatabase.size).toBeGreaterThan(40);
    expect(differences(inDatabase, await definedByFiles(texts()))).toEqual([]);
  });

  test("a function without a file is found, and a file without a function", async () => {
    await owner.query("CREATE FUNCTION stray() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
    await owner.query("DROP FUNCTION utc_day");
    const found = differences(await definedByDatabase(), await definedByFiles(texts()));
    expect(found).toEqual(["missing: function stray()", "unexpected: function utc_day(p_at timestamp with time zone)"]);
  });

  test.each([
    [
      "its body",
      "CREATE OR REPLACE FUNCTION utc_day(p_at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT NULL'",
    ],
    ["its volatility", "ALTER FUNCTION utc_day VOLATILE"],
    ["whose rights it has", "ALTER FUNCTION utc_day SECURITY DEFINER"],
    ["its settings", "ALTER FUNCTION utc_day SET search_path = public"],
    ["who may call it", "REVOKE ALL ON FUNCTION utc_day FROM PUBLIC"],
  ])("a function that differs in %s is found", async (_what, change) => {
    await owner.query(change);
    const [found, ...more] = differences(await definedByDatabase(), await definedByFiles(texts()));
    expect(found).toMatch(/^different: function utc_day\(/);
    expect(more).toEqual([]);
  });

  test("a trigger that no file defines is found", async () => {
    await owner.query("CREATE TRIGGER stray BEFORE DELETE ON votes FOR EACH ROW EXECUTE FUNCTION refuse_change()");
    const [found, ...more] = differences(await definedByDatabase(), await definedByFiles(texts()));
    expect(found).toMatch(/^different: trigger votes\.stray/);
    expect(more).toEqual([]);
  });

  test("that work with the owner's rights name their schema and cannot be called by everyone", async () => {
    const { rows } = await owner.query(
      `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
         AND (NOT 'search_path=public, pg_temp' = ANY (coalesce(proconfig, '{}'))
           OR EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0))`,
    );
    expect(rows).toEqual([]);
  });
});

describe("each file", () => {
  const files = functionFiles();

  test("is found", async () => {
    expect(functionFiles()).toHaveLength((await glob("prisma/sql/*")).length);
  });

  test.each(files)("$name defines what its name says, after a comment, on one screen", ({ name, text }) => {
    const lines = text.trimEnd().split("\n");
    expect(text).toMatch(new RegExp(`^(-- .*\\n)+CREATE OR REPLACE FUNCTION ${name}\\(`));
    expect(lines.length).toBeLessThanOrEqual(MOST_LINES);
    expect(lines.filter((line) => line.length > LONGEST_LINE)).toEqual([]);
  });

  test.each(files)("$name calls its parameters p_ and its variables v_", async ({ name, text }) => {
    const { rows } = await owner.query<{ names: string[] | null; modes: string[] | null }>(
      "SELECT proargnames AS names, proargmodes::text[] AS modes FROM pg_proc WHERE proname = $1",
      [name],
    );
    expect(rows).toHaveLength(1);
    const parameters = (rows[0]?.names ?? []).filter((_, index) => (rows[0]?.modes?.[index] ?? "i") === "i");
    expect(parameters.filter((parameter) => !parameter.startsWith("p_"))).toEqual([]);
    const declared = /\nDECLARE\n(.*?)\nBEGIN\n/s.exec(text)?.[1] ?? "";
    const variables = declared
      .split(/;/)
      .map((one) => one.trim().split(/\s/)[0] ?? "")
      .filter(Boolean);
    expect(variables.filter((variable) => !variable.startsWith("v_"))).toEqual([]);
  });
});
