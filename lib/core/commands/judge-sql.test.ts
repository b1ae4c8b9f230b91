import { describe, expect, test } from "vitest";

import { readSql } from "@/lib/platform/sql-reader";

import { allowStatement } from "./allowed-statements";
import { judgeStatements } from "./judge-sql";
import { type SqlDialect, unreadSql } from "./sql-reading";

const harmsOf = (text: string, dialect: SqlDialect = "unknown", allowed: Parameters<typeof allowStatement>[0][] = []) =>
  judgeStatements(readSql(text, dialect), { statements: [allowed.map(allowStatement)] }).map(({ harm }) => harm);

describe("statements that only read, in any dialect", () => {
  test.each([
    "SELECT 1",
    "select id, name from users where id = 5 order by name limit 10",
    "SELECT 'DROP TABLE users'",
    "SELECT * FROM t WHERE a = 'it''s; DROP TABLE x'",
    "SELECT $$delete from x$$",
    "SELECT count(*), max(created_at) FROM orders GROUP BY customer_id HAVING count(*) > 3",
    "WITH recent AS (SELECT * FROM orders WHERE total > 5) SELECT * FROM recent",
    "SELECT a FROM u WHERE 1=1",
    "EXPLAIN SELECT * FROM t",
    "SELECT lower(name) -- the name\nFROM t",
    "SELECT a FROM t UNION SELECT b FROM u;",
  ])("%s", (text) => expect(new Set(harmsOf(text))).toEqual(new Set(["harmless"])));
});

describe("statements that are not known to only read", () => {
  test.each([
    "DROP TABLE users",
    "SELECT 1; DROP TABLE x",
    "SELECT $$'$$ ; DROP TABLE x -- '",
    "SELECT 1 --'\n; DROP TABLE x",
    "SELECT 'a\\'; DROP TABLE x; -- '",
    "SELECT q'['; DROP TABLE x; --]'",
    "SELECT `a`; DROP TABLE x",
    "/*!50000 DROP TABLE x */",
    "SELECT /* /* */ 1; DROP TABLE x -- */",
    "SELECT 1 \0; DROP TABLE x",
    "SELECT pg_terminate_backend(1)",
    "SELECT pg_read_file('x')",
    "SELECT ('PG_VERSION'::text).pg_read_file",
    "SELECT * INTO copy FROM t",
    "SELECT * FROM t FOR UPDATE",
    "SELECT nextval('s')",
    "SELECT other.lower('x')",
    "SELECT rolpassword FROM pg_authid",
    "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone",
    "EXPLAIN ANALYZE DELETE FROM t WHERE id = 1",
    "UPDATE t SET a = 1",
    "UPDATE t SET a = 1 WHERE 1=1",
    "UPDATE t SET a = 1 WHERE id = 1 OR true",
    "UPDATE t SET a = 1 WHERE id = id",
    "UPDATE t SET a = (SELECT b FROM c WHERE c.id = 1)",
    "UPDATE t SET a = 1 WHERE id = 1",
    "DELETE FROM t",
    "INSERT INTO t VALUES (1)",
    "ALTER ROLE app SUPERUSER",
    "ALTER TABLE t DROP COLUMN a",
    "COPY t TO '/tmp/x'",
    "COPY t FROM PROGRAM 'rm x'",
    "LOAD DATA INFILE 'f' INTO TABLE t",
    "GRANT ALL ON t TO PUBLIC",
    "SET ROLE admin",
    "BEGIN",
    "DO $$ BEGIN DELETE FROM t; END $$",
    "CALL wipe()",
    "",
    "not a statement",
    `SELECT ${"(".repeat(200)}1${")".repeat(200)}`,
    `SELECT 1 ${"+ 1".repeat(4_000)}`,
    "SELECT \ud800",
  ])("%s", (text) => {
    expect(harmsOf(text).some((harm) => harm === "unknown" || harm === "destructive")).toBe(true);
    expect(harmsOf(text, "postgres").some((harm) => harm !== "harmless")).toBe(true);
  });

  test.each(["UPDATE t SET a = 1", "DELETE FROM t WHERE true", "TRUNCATE t", "GRANT ALL ON t TO x", "DROP VIEW v"])(
    "%s is said to destroy",
    (text) => expect(harmsOf(text, "postgres")).toContain("destructive"),
  );
});

test.each(["SELECT 1 # '\n; DROP TABLE x -- '", "SELECT E'a\\'; DROP TABLE x; --'", "/*M! DROP TABLE x */ SELECT 1"])(
  "%s reads only in PostgreSQL, and is unknown where no dialect is named",
  (text) => {
    expect(harmsOf(text, "postgres")).toEqual(["harmless"]);
    for (const dialect of ["unknown", "mysql", "sqlite"] as const) expect(harmsOf(text, dialect)).toEqual(["unknown"]);
  },
);

test("a dialect that the catalogue names is read as it is", () => {
  expect(harmsOf("SELECT tags[1], a #>> '{x}' FROM t", "postgres")).toEqual(["harmless"]);
  expect(harmsOf("SELECT tags[1] FROM t", "mysql")).toEqual(["unknown"]);
});

test("without a grammar nothing is known of any statement", () => {
  expect(judgeStatements(unreadSql("SELECT 1", "postgres"), { statements: [] })).toMatchObject([{ harm: "unknown" }]);
});

describe("statements that the manifest names", () => {
  const allowed = [
    { kind: "insert", tables: ["audit_log"] },
    { kind: "update", tables: ["tickets"] },
    { kind: "select", functions: ["refresh_totals"] },
  ];

  test.each([
    "INSERT INTO audit_log (note) VALUES ('x')",
    "UPDATE tickets SET status = 'open' WHERE id = 7",
    "SELECT refresh_totals(5)",
  ])("%s is no longer unknown", (text) => expect(harmsOf(text, "postgres", allowed)).toEqual(["named"]));

  test.each([
    "INSERT INTO users (name) VALUES ('x')",
    "INSERT INTO audit_log SELECT secret FROM vault",
    "INSERT INTO audit_log (note) VALUES (pg_read_file('x'))",
    "UPDATE tickets SET status = 'open'",
    "UPDATE other.tickets SET status = 'open' WHERE id = 7",
    "SELECT refresh_totals(5), wipe()",
    "DELETE FROM tickets WHERE id = 7",
  ])("%s stays as it was", (text) => expect(harmsOf(text, "postgres", allowed)).not.toContain("named"));
});

test("hostile texts do not hold the reader up", () => {
  const before = process.cpuUsage();
  for (const piece of ["/*", "*/", "(", "'", "$$", "--\n", "SELECT 1;", "a.", "[", "1+", "$a$"])
    readSql(piece.repeat(4_000), "postgres");
  for (let times = 0; times < 100; times += 1) readSql(`SELECT 1${"+1".repeat(4_000)}`, "postgres");
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(8_000);
  expect(harmsOf("SELECT 1")).toEqual(["harmless"]);
});
