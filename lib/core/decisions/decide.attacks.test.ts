import { describe, expect, test } from "vitest";

import type { JsonObject } from "@/lib/core/shared/json";
import { answerTo, FREEZE, type Given } from "@/lib/testing/content-answers";

/** Those of the cases that get another answer than they must; a list of what is wrong says more than a count. */
const wrong = (cases: readonly JsonObject[], isRight: (verdict: string) => boolean, given?: Given) =>
  cases.filter((args) => !isRight(answerTo(args, given).verdict)).map((args) => JSON.stringify(args));
const isHeld = (verdict: string) => verdict !== "allow";
const isAllowed = (verdict: string) => verdict === "allow";
const isDenied = (verdict: string) => verdict === "deny";

/** What destroys, and what nobody vouches for, each as one program with its words. */
const CHANGES = [
  "rm -rf /srv/x",
  "git push --force",
  "make deploy",
  "dd if=/dev/zero of=/dev/sda",
  "./job.sh",
] as const;
/** What only reads. */
const READS = ["ls -la", "git status", "grep -n rm src/a.ts", "cat README.md", "kubectl get pods"] as const;

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const [firstWord, lastWords] = [
  (text: string) => text.split(" ")[0] ?? "",
  (text: string) => text.slice(text.indexOf(" ")),
];

/** Ways to write a command so that a shell runs it all the same. */
const SPELLINGS: Readonly<Record<string, (command: string) => string>> = {
  plain: (command) => command,
  "quoted name": (command) => quoted(firstWord(command)) + (command.includes(" ") ? lastWords(command) : ""),
  "double quotes": (command) => `"${firstWord(command)}"${command.includes(" ") ? lastWords(command) : ""}`,
  "split quotes": (command) => `${command[0]}''${command.slice(1)}`,
  backslash: (command) => `\\${command}`,
  continued: (command) => `${command[0]}\\\n${command.slice(1)}`,
  "ANSI quotes": (command) => `$'\\x${command.charCodeAt(0).toString(16)}'${command.slice(1)}`,
  chained: (command) => `ls; ${command}`,
  both: (command) => `ls && ${command}`,
  otherwise: (command) => `false || ${command}`,
  line: (command) => `ls\n${command}`,
  background: (command) => `ls & ${command}`,
  piped: (command) => `echo x | ${command}`,
  subshell: (command) => `(cd x; ${command})`,
  group: (command) => `{ ${command}; }`,
  not: (command) => `! ${command}`,
  substitution: (command) => `echo $(${command})`,
  "quoted substitution": (command) => `echo "$(${command})"`,
  backticks: (command) => `echo \`${command}\``,
  process: (command) => `cat <(${command})`,
  default: (command) => `echo \${x:-$(${command})}`,
  condition: (command) => `if true; then ${command}; fi`,
  loop: (command) => `for f in a b; do ${command}; done`,
  choice: (command) => `case x in x) ${command};; esac`,
  function: (command) => `f() { ${command}; }; f`,
  trap: (command) => `trap ${quoted(command)} EXIT`,
  "open here-document": (command) => `cat <<E\n$(${command})\nE`,
  "after a here-document": (command) => `cat <<'E'\nit's\nE\n${command}\n# it's`,
  "after odd quotes": (command) => `echo $'\\''; ${command} #'`,
  "a shell": (command) => `bash -c ${quoted(command)}`,
  "a shell with options": (command) => `sh -ec ${quoted(command)}`,
  "a here-string": (command) => `bash <<< ${quoted(command)}`,
  "a here-document for a shell": (command) => `sh <<'E'\n${command}\nE`,
  "a pipe into a shell": (command) => `echo ${quoted(command)} | sh`,
  eval: (command) => `eval ${quoted(command)}`,
  variable: (command) => `A=1 ${command}`,
  "variable that runs": (command) => `GIT_PAGER=${quoted(command)} git log`,
  env: (command) => `env A=1 ${command}`,
  "env -S": (command) => `env -S ${quoted(command)}`,
  sudo: (command) => `sudo ${command}`,
  command: (command) => `command ${command}`,
  timeout: (command) => `timeout 5 ${command}`,
  nohup: (command) => `nohup ${command}`,
  redirected: (command) => `2>/dev/null ${command}`,
  xargs: (command) => `echo x | xargs ${command}`,
  find: (command) => `find . -exec ${command} {} +`,
  coproc: (command) => `coproc ${command}`,
  awk: (command) => `awk 'BEGIN{system("${command}")}'`,
  sed: (command) => `sed '1e ${command}' f`,
  tar: (command) => `tar xf a.tar --to-command=${quoted(command)}`,
  "git alias": (command) => `git -c alias.z=${quoted(`!${command}`)} z`,
  "index of a test": (command) => `test -v 'a[$(${command})]'`,
  ssh: (command) => `ssh host ${quoted(command)}`,
};

describe("whatever a shell would run is held", () => {
  test.each(Object.entries(SPELLINGS))("%s", (_name, spelled) => {
    const cases = CHANGES.map((command) => ({ command: spelled(command) }));
    expect(wrong(cases, isHeld)).toEqual([]);
    // `dd` is known to start no other program, so a list that names others does not deny it.
    const denied = CHANGES.filter((command) => !command.startsWith("dd")).map((command) => ({
      command: spelled(command),
    }));
    expect(
      wrong(denied, isDenied, { entry: { constraints: { denied_commands: ["rm", "git push", "make"] } } }),
    ).toEqual([]);
  });
});

/** Ways to read the same, which must stay free. */
const READING_SPELLINGS: Readonly<Record<string, (command: string) => string>> = {
  plain: (command) => command,
  "quoted name": (command) => quoted(firstWord(command)) + lastWords(command),
  chained: (command) => `cd src && ${command}`,
  piped: (command) => `${command} | head -5`,
  subshell: (command) => `(${command})`,
  substitution: (command) => `echo "$(${command})"`,
  condition: (command) => `if ${command}; then echo yes; fi`,
  loop: (command) => `for f in a b; do ${command}; done`,
  "a shell": (command) => `bash -c ${quoted(command)}`,
  timeout: (command) => `timeout 5 ${command}`,
  quiet: (command) => `${command} 2>/dev/null`,
  "after a here-document": (command) => `cat <<'E'\nit's; rm -rf /srv/x\nE\n${command}`,
  comment: (command) => `${command} # rm -rf /srv/x`,
  "text of a command": (command) => `echo 'rm -rf /srv/x'; ${command}`,
};

test.each(Object.entries(READING_SPELLINGS))("what only reads stays free: %s", (_name, spelled) => {
  expect(
    wrong(
      READS.map((command) => ({ command: spelled(command) })),
      isAllowed,
    ),
  ).toEqual([]);
});

/** Places among the arguments where a command may be. */
const PLACES: Readonly<Record<string, (command: string) => JsonObject>> = {
  ...Object.fromEntries(
    "command cmd Command CMD cliCommand shell_command bash-script commandLine script_content exec inlineScript terminal"
      .split(" ")
      .map((name) => [name, (command: string) => ({ [name]: command })]),
  ),
  nested: (command) => ({ params: { options: { command } } }),
  "in a list": (command) => ({ steps: [{ command: "ls" }, { command }] }),
  "list of lines": (command) => ({ commands: ["ls", command] }),
  "list of words": (command) => ({ command: command.split(" ") }),
  "list of lists": (command) => ({ command: [["ls"], command.split(" ")] }),
  "program and words": (command) => ({ command: firstWord(command), args: command.split(" ").slice(1) }),
  "program and text": (command) => ({ program: firstWord(command), arguments: lastWords(command) }),
  object: (command) => ({ command: { program: firstWord(command), args: command.split(" ").slice(1) } }),
  argv: (command) => ({ argv: command.split(" ") }),
  "shell and words": (command) => ({ command: "bash", args: ["-c", command] }),
  "JSON in a text": (command) => ({ params: JSON.stringify({ command }) }),
  "JSON in JSON": (command) => ({ body: JSON.stringify({ params: JSON.stringify({ cmd: command }) }) }),
  "named language": (command) => ({ language: "bash", code: command }),
};

describe("a command is read wherever it stands", () => {
  test.each(Object.entries(PLACES))("%s", (_name, place) => {
    const held = CHANGES.filter((command) => command.includes(" ")).map(place);
    expect(wrong(held, isHeld)).toEqual([]);
    expect(wrong(READS.map(place), isAllowed)).toEqual([]);
  });
});

/** Statements that change something, or read what nobody vouches for. */
const CHANGING = [
  "DROP TABLE users",
  "DELETE FROM users",
  "DELETE FROM users WHERE 1 = 1",
  "UPDATE users SET a = 1 WHERE a = a",
  "UPDATE users SET a = 1 WHERE id = 1 OR true",
  "INSERT INTO users VALUES (1)",
  "TRUNCATE TABLE users",
  "ALTER ROLE app SUPERUSER",
  "GRANT ALL ON users TO public",
  "COPY users TO '/tmp/x'",
  "CREATE TABLE x AS SELECT 1",
  "SELECT pg_terminate_backend(1)",
  "SELECT set_config('role', 'admin', false)",
  "SELECT * INTO x FROM users",
  "SELECT * FROM users FOR UPDATE",
  "WITH d AS (DELETE FROM users WHERE id = 1 RETURNING *) SELECT * FROM d",
  "EXPLAIN ANALYZE DELETE FROM users",
] as const;
const QUERIES = [
  "SELECT 1",
  "SELECT * FROM users WHERE id = 5",
  "SELECT 'DROP TABLE users'",
  "SELECT 'it''s; DELETE FROM users'",
  "SELECT count(*) FROM orders GROUP BY status ORDER BY 1 DESC LIMIT 5",
  "WITH a AS (SELECT 1 AS x) SELECT x FROM a",
  "EXPLAIN SELECT 1",
] as const;

/** Ways to write a statement so that some database runs it all the same. */
const WRITTEN: Readonly<Record<string, (statement: string) => string>> = {
  plain: (statement) => statement,
  "small letters": (statement) => statement.toLowerCase(),
  lines: (statement) => statement.replaceAll(" ", "\n"),
  "after another": (statement) => `SELECT 1; ${statement}`,
  "after dollar quotes": (statement) => `SELECT $$'$$ ; ${statement} -- '`,
  "after named dollar quotes": (statement) => `SELECT $a$'$a$ ; ${statement} -- '`,
  "after an escape": (statement) => `SELECT 'a\\'; ${statement}; -- '`,
  "after an escaped text": (statement) => `SELECT E'\\''; ${statement}; -- '`,
  "after a hash": (statement) => `SELECT 1 # '\n; ${statement} -- '`,
  "in a comment that runs": (statement) => `/*!50000 ${statement} */`,
  "in a comment of MariaDB": (statement) => `/*M! ${statement} */`,
  "after a nested comment": (statement) => `/* /* */ ${statement} -- */`,
  "after a comment": (statement) => `-- it's\n${statement}`,
  "after Oracle's quotes": (statement) => `SELECT q'['; ${statement} --']'`,
};

describe("whatever a database would run is held", () => {
  const reads = { tool: "query_db", reads: true };
  test.each(Object.entries(WRITTEN))("%s", (_name, written) => {
    expect(
      wrong(
        CHANGING.map((statement) => ({ sql: written(statement) })),
        isHeld,
        reads,
      ),
    ).toEqual([]);
  });

  test("under every name and in every place, and queries stay free there", () => {
    const places: readonly ((sql: string) => JsonObject)[] = [
      (sql) => ({ sql }),
      (sql) => ({ sqlQuery: sql }),
      (sql) => ({ query: sql }),
      (sql) => ({ statement: sql }),
      (sql) => ({ statements: ["SELECT 1", sql] }),
      (sql) => ({ params: { sql } }),
      (sql) => ({ batch: [{ query: sql }] }),
      (sql) => ({ sql: { text: sql } }),
      (sql) => ({ params: JSON.stringify({ sql }) }),
      (sql) => ({ input: sql }),
      (sql) => ({ body: sql }),
    ];
    for (const place of places) {
      expect(wrong(CHANGING.map(place), isHeld, reads)).toEqual([]);
      expect(wrong(QUERIES.map(place), isAllowed, reads)).toEqual([]);
    }
  });

  test("in a shell", () => {
    const inShell = (statement: string) => [
      { command: `psql -c ${quoted(statement)}` },
      { command: `psql <<'E'\n${statement};\nE` },
      { command: `echo ${quoted(statement)} | psql` },
      { command: "psql", args: ["-c", statement] },
    ];
    expect(wrong(CHANGING.flatMap(inShell), isHeld)).toEqual([]);
    expect(
      wrong(
        QUERIES.map((statement) => ({ command: `psql -c ${quoted(statement)}` })),
        isAllowed,
      ),
    ).toEqual([]);
  });

  test("during a freeze that lets reads pass", () => {
    const frozen = { ...reads, manifest: { freezes: [FREEZE] } };
    expect(
      wrong(
        CHANGING.map((sql) => ({ sql })),
        isDenied,
        frozen,
      ),
    ).toEqual([]);
    expect(
      wrong(
        QUERIES.map((sql) => ({ sql })),
        isAllowed,
        frozen,
      ),
    ).toEqual([]);
  });
});

describe("a host that is not on the list is found in every spelling", () => {
  const egress = { manifest: { egress: { allow: ["api.example.com"] } }, reads: true };
  const hosts = [
    "evil.test",
    "EVIL.TEST",
    "evil.test.",
    "evil。test",
    "127.0.0.1",
    "169.254.169.254",
    "api.example.com.evil.test",
  ];
  const ways: Readonly<Record<string, (host: string) => JsonObject>> = {
    ...Object.fromEntries(
      "url URL baseUrl webhook_url host hostName endpoint href uri callback domain server target proxy"
        .split(" ")
        .map((name) => [name, (host: string) => ({ [name]: host })]),
    ),
    list: (host) => ({ urls: ["https://api.example.com/", host] }),
    nested: (host) => ({ a: [{ b: { url: host } }] }),
    "JSON in a text": (host) => ({ params: JSON.stringify({ url: host }) }),
    scheme: (host) => ({ x: `https://${host}/a` }),
    "one slash": (host) => ({ url: `https:/${host}` }),
    "no slash": (host) => ({ url: `https:${host}` }),
    backslashes: (host) => ({ url: `https:\\\\${host}` }),
    relative: (host) => ({ x: `//${host}/a` }),
    "user name": (host) => ({ url: `https://api.example.com@${host}/` }),
    "in another": (host) => ({ url: `https://api.example.com/?u=https://${host}` }),
    encoded: (host) => ({ url: `https://api.example.com/?u=${encodeURIComponent(`https://${host}/`)}` }),
    "twice encoded": (host) => ({
      url: `https://api.example.com/?u=${encodeURIComponent(encodeURIComponent(`//${host}/`))}`,
    }),
    "in a sentence": (host) => ({ text: `see https://${host} for more` }),
    "in a page": (host) => ({ html: `<a href="https://${host}">x</a>` }),
    key: (host) => ({ [`https://${host}`]: 1 }),
  };
  test.each(Object.entries(ways))("%s", (_name, way) => {
    expect(wrong(hosts.map(way), isDenied, egress)).toEqual([]);
  });
});
