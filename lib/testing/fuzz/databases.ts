import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";

/** What must never happen. */
export const FORBIDDEN_STATEMENT = "DROP TABLE x";

/** Pieces that dialects read differently, among plain queries. */
export const SQL_PIECES = [
  "SELECT 1",
  "SELECT a FROM x",
  "SELECT 'a'",
  ";",
  ";",
  " ",
  "\n",
  "--",
  "-- ",
  "#",
  "/*",
  "*/",
  "/*!",
  "/* a */",
  "'",
  "'",
  "''",
  "\\'",
  '"',
  "`",
  "$$",
  "$a$",
  "$1",
  "E'",
  "N'",
  "q'[",
  "]'",
  "x'",
  "U&'",
  "[",
  "]",
  "(",
  ")",
  "{",
  "}",
  "@a",
  ":a",
  "1",
  "+ 1",
  ", 2",
  "a",
  "AS b",
  "FROM x",
  "WHERE a = 1",
  "UNION SELECT 2",
  "WITH c AS (SELECT 1)",
  "EXPLAIN ",
  "\t",
  "\r",
  "\\",
  "||",
  "'a'",
  "IS NULL",
  "LIKE 'a%'",
  "ORDER BY 1",
  "LIMIT 1",
] as const;

/** Marks that quote or comment in some dialect. */
export const SQL_MARKS = [
  ["'", "'"],
  ['"', '"'],
  ["$$", "$$"],
  ["$a$", "$a$"],
  ["E'", "'"],
  ["/*", "*/"],
  ["-- ", "\n"],
  ["--", "\n"],
  ["#", "\n"],
  ["`", "`"],
  ["[", "]"],
  ["q'[", "]'"],
  ["''", "''"],
  ["'\\", "'"],
  ["/*!", "*/"],
  ["N'", "'"],
] as const;

/** PostgreSQL, and SQLite where its program is installed, each with a table that must survive. */
export async function openDatabases(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const make = "CREATE TABLE IF NOT EXISTS x (a int, b int); INSERT INTO x VALUES (1, 2)";
  await client.query(`SET statement_timeout = 2000; SET standard_conforming_strings = on; ${make}`);
  const hasSqlite = spawnSync("sqlite3", ["--version"]).status === 0;
  const home = mkdtempSync(path.join(tmpdir(), "interlock-fuzz-sql-"));
  return {
    names: hasSqlite ? ["postgres", "sqlite"] : ["postgres"],
    /** Whether PostgreSQL drops the table for this text. */
    async breaksPostgres(text: string): Promise<boolean> {
      await client.query(text).catch(() => undefined);
      await client.query("ROLLBACK").catch(() => undefined);
      const { rows } = await client.query("SELECT to_regclass('x') IS NULL AS gone");
      if (rows[0]?.gone !== true) return false;
      await client.query(make);
      return true;
    },
    /** The texts for which SQLite drops the table. */
    breakSqlite(texts: readonly string[]): readonly string[] {
      if (!hasSqlite) return [];
      return texts.filter((text, index) => {
        const file = path.join(home, `${index}.db`);
        writeFileSync(file, "");
        execFileSync("sqlite3", [file, "CREATE TABLE x (a, b); INSERT INTO x VALUES (1, 2)"]);
        spawnSync("sqlite3", [file, text], { timeout: 5_000 });
        const left = execFileSync("sqlite3", [file, "SELECT count(*) FROM sqlite_master WHERE name = 'x'"], {
          encoding: "utf8",
        });
        rmSync(file, { force: true });
        return left.trim() !== "1";
      });
    },
    async close() {
      await client.end();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
