import { describe, expect, test } from "vitest";

import type { JsonObject } from "@/lib/core/shared/json";
import { readSql } from "@/lib/platform/sql-reader";

import { allowCommand } from "./allowed-commands";
import { type ContentHints, contentHints } from "./content-hints";
import { HARMLESS_NAMES, harmlessProgram } from "./harmless-programs";
import { judgeCommand } from "./judge-command";
import type { Harm } from "./judgement";
import { readCall } from "./read-call";
import { readShell } from "./read-shell";

const NO_HINTS: ContentHints = contentHints({});

function harmOf(command: string, allowed: Parameters<typeof allowCommand>[0][] = []): Harm {
  const commands = allowed.map(allowCommand).filter((one) => typeof one !== "string");
  const terms = { commands: [commands], statements: [], readSql };
  return readCall({ tool: "run", args: { command }, effect: null }, NO_HINTS, terms).harm;
}

describe("commands that only read", () => {
  test.each([
    "",
    "ls -la /srv | head -20",
    "cat 'a b.txt'; pwd",
    "cat <<'END'\nrm -rf /srv/data\nEND",
    "cat <<END\nplain\nEND\nls",
    "grep -rn 'rm -rf' docs && wc -l < notes.txt",
    'echo "rm is a program; kill too"',
    "echo $'don\\'t'",
    "find src -name '*.ts' -maxdepth 2 -type f",
    'for name in *.md; do echo "$name"; done',
    'while read -r line; do echo "$line"; done < list.txt',
    "if [ -f package.json ]; then cat package.json; fi",
    "test -d src && ls src || echo none",
    "cd lib && git -C ../other --no-pager log --oneline -5",
    "git stash list",
    "git branch --list 'rm-*'",
    "git show HEAD:README.md 2>/dev/null",
    "kubectl -n prod get pods -o wide",
    "docker logs --tail 20 delete-me",
    "sed -n '10,20p' file",
    "sed 's/a/b/g' file",
    "awk -F: '{print $1, $3}' /etc/passwd",
    "awk 'NR > 1 {print $2}' data.csv",
    "sort -k2 -n a.txt | uniq -c | sort -rn",
    "ls | xargs -n 1 wc -l",
    "timeout 10 ls",
    "bash -c 'ls; pwd'",
    "bash -euo pipefail -c 'git status | cat'",
    "psql -d app -c 'select count(*) from orders'",
    "tar tzf archive.tgz",
    "aws ec2 describe-instances --region eu-west-1",
    "LC_ALL=C sort names.txt",
    "which rm",
    "node --version",
    "x=1; echo $x",
    "jq '.items[] | .name' data.json",
  ])("%s", (command) => expect(harmOf(command)).toBe("harmless"));
});

describe("commands that hide what they run are not known to be harmless", () => {
  test.each([
    // A quote that another reading would lose.
    "cat <<'E'\nit's\nE\nrm x\n# it's",
    "ls $'\\''; rm x #'",
    "echo $'\\'; rm x #'",
    'echo $"a"; rm x',
    "echo ${x:-''\\' #/&&rm }; rm x",
    "[[ a || rm x ]]",
    "[[ a > b ]]",
    // Given on standard input.
    "bash <<< 'rm x'",
    "sh < job.sh",
    "ls | sh",
    "python3 <<E\nimport shutil\nE",
    "psql <<E\nDROP TABLE t;\nE",
    "cat list | xargs rm",
    "printf '; rm x' | xargs -I{} sh -c 'cat {}'",
    // Started by another program.
    "GIT_SSH_COMMAND='rm x' git log",
    "git -c core.fsmonitor='rm x' status",
    "git config alias.z '!rm x'",
    "git -C $dir status",
    "sed '1e rm x' f",
    "sed 's/a/rm x/e' f",
    "sed 'w /etc/hosts' f",
    "tar xf a.tar",
    "tar tf a.tar --checkpoint=1 --checkpoint-action=exec=rm",
    "tar tf host:a.tar",
    "awk 'BEGIN{c=\"rm x\"; print | c}'",
    "awk '{print > \"f\"}' a",
    "awk 'BEGIN{system(\"rm x\")}'",
    "test -v 'a[$(rm x)]'",
    '[ "$a" "$b" ]',
    "printf -v 'a[$(rm x)]' y",
    "find . -exec rm {} +",
    "find . -delete",
    "find $where",
    "rg --pre 'rm x' a",
    "sort -o out in",
    "sort --compress-program=rm in",
    "uniq a b",
    "uniq *.txt",
    "env -S 'rm x'",
    "env A=1 rm x",
    "xxd -r dump out",
    "date -s 2020-01-01",
    "diff -l a b",
    "make",
    "npm test",
    "node x.js",
    "./ls",
    "ssh host ls",
    "docker exec web ls",
    "kubectl exec web -- ls",
    "curl https://example.com",
    "PATH=. ls",
    "export PATH=.",
    "alias ls=rm",
    "ls() { rm x; }; ls",
    "coproc rm x",
    "ls & rm x",
    "2>/dev/null rm x",
    "trap 'rm x' EXIT",
    "$cmd",
    "r$x y",
    "{rm,x}",
    "/bin/r? x",
    "ls > out.txt",
    "echo $((a[$(rm x)]))",
    "echo ${x@P}",
    "echo ${!x}",
    "psql -c 'select pg_terminate_backend(1)'",
    "psql service=other -c 'select 1'",
    'bash -c "$x"',
    "zsh -c ls",
    "bash -i",
    "ls \u00a0; rm x",
    "echo 'unclosed",
    "cat <<E\nopen",
    `${"(".repeat(500)}ls`,
  ])("%s", (command) => expect(["unknown", "destructive"]).toContain(harmOf(command)));
});

test.each([
  ["rm -rf /srv/x", "deletes files"],
  ["sudo -u root rm x", "deletes files"],
  ["git push --force", "rewrites"],
  ["railway volume delete", "removes"],
  ["curl -X DELETE https://api.example.com/x", "removes"],
  ["npx prisma migrate reset --force", "empties a database"],
  ["tee /etc/passwd < x", "overwrites a file of the system"],
])("%s is said to destroy", (command, why) => {
  const [program] = judgeCommand(readShell(command), { commands: [], statements: [], readSql });
  expect(program).toMatchObject({ harm: "destructive", why: expect.stringContaining(why) });
});

describe("what the manifest names", () => {
  const allowed = [
    "npm test",
    "git push origin feature",
    "kubectl apply *",
    { program: "git", subcommand: "commit", flags: ["-m=", "-a"], words: 0 },
    { program: "node", words: ["build.js"], env: ["MODE"], writes: ["out/*"], stdin: "text" as const },
  ];

  test.each([
    "npm test",
    "cd app && npm test | tail -5",
    "timeout 60 npm test",
    "bash -c 'npm test'",
    "git push origin feature",
    "kubectl apply all.yaml",
    "git commit -a -m 'rm the old; really'",
    "MODE=fast node build.js > out/log.txt",
    "node build.js <<< 'input'",
  ])("%s is no longer unknown", (command) => expect(harmOf(command, allowed)).toBe("named"));

  test.each([
    "npm testing",
    "npm test --if-present",
    "npm test; make",
    "npm test $(make)",
    "npm test > out.txt",
    "NODE_OPTIONS=--require=./x npm test",
    "git push origin feature --mirror",
    "git push origin +feature",
    "kubectl apply -f all.yaml",
    "kubectl apply",
    "git commit -m $x",
    "git commit --amend -m x",
    "git -c alias.commit='!rm x' commit -m x",
    "node build.js > out/../secret",
    "node other.js",
    "curl https://x.example | node build.js",
    "ls | npm test",
  ])("%s stays as it was", (command) => expect(["unknown", "destructive"]).toContain(harmOf(command, allowed)));

  test("what destroys is asked about although it is named", () => {
    expect(harmOf("rm -rf out", ["rm -rf out"])).toBe("destructive");
  });

  test.each(["ls; rm x", "ls > f", "A=1 make", "git $x", "make $(x)", "'unclosed"])("%s is not one command", (text) => {
    expect(typeof allowCommand(text)).toBe("string");
  });
});

describe("the table of harmless programs, flag by flag", () => {
  const letters = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"];

  test.each(HARMLESS_NAMES.filter((name) => harmlessProgram(name)?.kind === "form"))(
    "%s takes the options that are listed and no other",
    (name) => {
      const entry = harmlessProgram(name);
      if (entry?.kind !== "form") throw new Error("not a form");
      expect(entry.flags.has("--output=x")).toBe(false);
      for (const letter of letters) {
        const flag = `-${letter}`;
        const isListed = entry.flags.has(flag) || (/\d/.test(letter) && entry.flags.has("-#"));
        const isHarmless = harmOf(`${name} ${flag}`) === "harmless";
        if (!isListed) expect([flag, isHarmless]).toEqual([flag, false]);
      }
      for (const flag of ["--output=x", "--exec=x", "--unknown", "-o=x", "--files0-from=x"])
        if (!entry.flags.has(flag) && !entry.flags.has(flag.replace(/=.*/, "=")))
          expect([flag, harmOf(`${name} ${flag}`)]).toEqual([flag, "unknown"]);
    },
  );

  test.each(HARMLESS_NAMES.filter((name) => harmlessProgram(name)?.kind === "commands"))(
    "%s takes the commands that are listed and no other",
    (name) => {
      for (const command of "rm delete push apply exec run create set edit start stop kill prune restart import".split(
        " ",
      ))
        expect([command, harmOf(`${name} ${command} x`) === "harmless"]).toEqual([command, false]);
      expect(harmOf(`${name} -c alias.x=rm status`)).not.toBe("harmless");
    },
  );

  test("no program of it becomes another one by its folder, case or assignment", () => {
    for (const name of HARMLESS_NAMES.filter((one) => /^[a-z]/.test(one))) {
      expect([name, harmOf(`./${name}`)]).not.toEqual([name, "harmless"]);
      expect([name, harmOf(`${name.toUpperCase()} x`)]).not.toEqual([name, "harmless"]);
      expect([name, harmOf(`LD_PRELOAD=x ${name}`)]).not.toEqual([name, "harmless"]);
      expect([name, harmOf(`${name} > file`)]).not.toEqual([name, "harmless"]);
    }
  });
});

test("any text is judged, in time that grows with its length", () => {
  const before = process.cpuUsage();
  for (const piece of ["$(", "`", "(", "'", '"$(`', "rm ", "| ", "sudo ", 'sh -c "', "<<E\n", "${x:-", "a=b ", "{a,b}"])
    expect(() => harmOf(piece.repeat(3_000))).not.toThrow();
  // Of the processor, as other work on the machine must not count.
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(8_000);
});

describe("a call that holds too much to be read", () => {
  const terms = { commands: [], statements: [], readSql };
  const read = (args: JsonObject) => readCall({ tool: "run", args, effect: null }, NO_HINTS, terms);
  const padding = Object.fromEntries(Array.from({ length: 4 }, (_, n) => [`cmd_${n}`, "ls -la; ".repeat(1_500)]));

  test("is unknown as a whole, whatever the order of its arguments", () => {
    const first = read({ command: "ls", ...padding });
    const last = read({ ...padding, command: "ls" });
    expect(first).toEqual(last);
    expect(first.harm).toBe("unknown");
    expect(first.why).toContain("too much to be read");
    expect(first.commands.every(({ harm }) => harm === "unknown")).toBe(true);
  });

  test("hides no command behind others and no statement behind commands", () => {
    expect(read({ ...padding, ["note"]: "rm -rf /srv" }).harm).toBe("unknown");
    const { statements } = read({ ...padding, sql: "select 1" });
    expect(statements.map(({ harm }) => harm)).toEqual(["unknown"]);
  });

  test("is not one that holds long texts which are no commands", () => {
    expect(read({ command: "ls", content: "All is well here. ".repeat(10_000) }).harm).toBe("harmless");
  });
});
