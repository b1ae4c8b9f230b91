import { contentHints } from "@/lib/core/commands/content-hints";
import { judgeStatements } from "@/lib/core/commands/judge-sql";
import { readCall } from "@/lib/core/commands/read-call";
import { readSql } from "@/lib/platform/sql-reader";

import { FORBIDDEN_STATEMENT, openDatabases, SQL_MARKS, SQL_PIECES } from "./databases";
import { hiddenTextsOf, randomOf, textsOf } from "./random";
import { FORBIDDEN, openShells, SHELL_PIECES } from "./shells";

/**
 * Makes random texts around a forbidden act, keeps those judged harmless, and has real shells and databases run them. Ends
 * with an error when the act happens even once.
 *
 *     npm run fuzz:commands -- --texts=50000 --seed=7
 */
const option = (name: string, otherwise: number) =>
  Number(process.argv.find((arg) => arg.startsWith(`--${name}=`))?.split("=")[1] ?? otherwise);
const url = process.argv.find((arg) => arg.startsWith("--url="))?.slice(6) ?? "";
const wanted = option("texts", 50_000);
const seed = option("seed", 1);
const BATCH = 500;

const say = (line: string) => process.stdout.write(`${line}\n`);
const HINTS = contentHints({});
const terms = { commands: [], statements: [], readSql };
const failures: string[] = [];

function isHarmlessCommand(command: string): boolean {
  return readCall({ tool: "run", args: { command }, effect: null }, HINTS, terms).harm === "harmless";
}

const isHarmlessSql = (text: string, dialect: "postgres" | "unknown") =>
  judgeStatements(readSql(text, dialect), terms).every(({ harm }) => harm === "harmless");

/** Random texts that a judge calls harmless. */
function harmless(next: () => string, judge: (text: string) => boolean, count: number) {
  const texts: string[] = [];
  let tried = 0;
  while (texts.length < count) {
    tried += 1;
    const text = next();
    if (judge(text)) texts.push(text);
  }
  return { texts, tried };
}

const shells = openShells();
try {
  const next = textsOf(SHELL_PIECES, FORBIDDEN, randomOf(seed));
  let run = 0;
  let tried = 0;
  while (run < wanted) {
    const found = harmless(next, isHarmlessCommand, Math.min(BATCH, wanted - run));
    run += found.texts.length;
    tried += found.tried;
    for (const { shell, text } of shells.run(found.texts)) failures.push(`${shell}: ${JSON.stringify(text)}`);
  }
  say(
    `${tried} commands, ${run} judged harmless and run by ${shells.shells.join(" and ")}: ${failures.length} did what is forbidden`,
  );
} finally {
  shells.close();
}

const databases = await openDatabases(url);
try {
  for (const dialect of ["postgres", "unknown"] as const) {
    const before = failures.length;
    const next = hiddenTextsOf(
      { pieces: SQL_PIECES, marks: SQL_MARKS, before: "SELECT 1 " },
      FORBIDDEN_STATEMENT,
      randomOf(seed + 1),
    );
    const count = dialect === "postgres" ? wanted : Math.ceil(wanted / 10);
    const { texts, tried } = harmless(next, (text) => isHarmlessSql(text, dialect), count);
    for (const text of texts)
      if (await databases.breaksPostgres(text)) failures.push(`postgres: ${JSON.stringify(text)}`);
    // Only a text that any dialect reads alike is promised for another database.
    if (dialect === "unknown") {
      const some = texts.slice(0, Math.ceil(wanted / 25));
      for (const text of databases.breakSqlite(some)) failures.push(`sqlite: ${JSON.stringify(text)}`);
    }
    say(
      `${tried} statements (${dialect}), ${texts.length} judged harmless and run: ${failures.length - before} did what is forbidden`,
    );
  }
} finally {
  await databases.close();
}
for (const failure of failures.slice(0, 50)) say(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
