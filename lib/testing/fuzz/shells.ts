import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** The word whose running is the forbidden act; a program of that name leaves a mark. */
export const FORBIDDEN = "zz";

/** Pieces that readers of shells are known to stumble over, among plain commands. */
export const SHELL_PIECES = [
  "echo",
  "echo a",
  "ls",
  "cat",
  "true",
  "printf x",
  "wc -l",
  "cd .",
  "test a = b",
  "[ a = a ]",
  "grep a",
  "sort",
  "head -1",
  "'",
  "'",
  '"',
  '"',
  "$'",
  '$"',
  "\\",
  "\\'",
  '\\"',
  "`",
  "$(",
  ")",
  "(",
  "{ ",
  "}",
  "${x",
  "${x:-",
  "${x/",
  "${x#",
  "$x",
  "$((",
  "))",
  "[[ ",
  " ]]",
  "<<E\n",
  "<<'E'\n",
  "<<-E\n",
  "\nE\n",
  "E",
  "<<<",
  "<(",
  ">(",
  "|",
  "||",
  "&&",
  ";",
  "&",
  ";;",
  "\n",
  "\t",
  " ",
  "#",
  " # ",
  "!",
  "if ",
  "then ",
  "fi",
  "for i in ",
  "; do ",
  "done",
  "case a in ",
  "esac",
  "a)",
  "while false",
  "function f",
  "f() ",
  "time ",
  "coproc ",
  "~",
  "*",
  "?",
  "{a,b}",
  "=",
  "x=",
  "A=",
  "2>&1",
  ">&2",
  "< /dev/null",
  "2>/dev/null",
  "xargs ",
  "env ",
  "timeout 1 ",
  "bash -c ",
  "sh -c ",
  "sed -n ",
  "awk ",
  "find . -name ",
  "command ",
  "eval ",
  "-v ",
  "-exec ",
  "--",
  "-",
  "/",
  "a",
  "b",
  "1",
  "@",
  "%",
  "^",
  ",",
  ".",
  ":",
] as const;

const TOOLS =
  "cat ls wc head tail sort uniq grep sed awk find xargs env timeout bash sh dash tr cut date sleep tee printf test basename".split(
    " ",
  );

/** A throw-away place in which texts are run by real shells; nothing but plain tools and the detector is in its path. */
export function openShells() {
  const home = mkdtempSync(path.join(tmpdir(), "interlock-fuzz-"));
  const at = (...names: string[]) => path.join(home, ...names);
  for (const folder of ["bin", "texts", "box"]) mkdirSync(at(folder));
  for (const tool of TOOLS) {
    const found = spawnSync("which", [tool], { encoding: "utf8" }).stdout.trim();
    if (found.startsWith("/")) symlinkSync(found, at("bin", tool));
  }
  writeFileSync(at("bin", FORBIDDEN), `#!/bin/sh\n: > ${at("hit")}\n`, { mode: 0o755 });
  writeFileSync(at("box", "a"), "one\ntwo\n");
  const shells = ["bash", "dash"].filter((shell) => existsSync(at("bin", shell)));
  return {
    shells,
    /** The texts that did what is forbidden: ran the detector, or changed a file. */
    run(texts: readonly string[]): readonly { readonly shell: string; readonly text: string }[] {
      for (const [index, text] of texts.entries()) writeFileSync(at("texts", String(index)), text);
      return shells.flatMap((shell) => runAll(shell, texts));
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };

  function runAll(shell: string, texts: readonly string[]) {
    // Each text is a script of its own, so that what one sets is gone for the next.
    const driver = `i=0; while [ $i -lt ${texts.length} ]; do
      (cd ${at("box")} && PATH=${at("bin")} HOME=${at("box")} timeout 5 ${shell} ${at("texts")}/$i </dev/null >/dev/null 2>&1)
      if [ -e ${at("hit")} ]; then echo "$i"; rm -f ${at("hit")}; fi
      i=$((i + 1)); done; wait`;
    const out = execFileSync("/bin/sh", ["-c", driver], { encoding: "utf8", maxBuffer: 64_000_000 });
    const hits = out
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => ({ shell, text: texts[Number(line)] ?? "" }));
    const isChanged = readdirSync(at("box")).join() !== "a" || readFileSync(at("box", "a"), "utf8") !== "one\ntwo\n";
    if (!isChanged) return hits;
    for (const name of readdirSync(at("box"))) rmSync(at("box", name), { recursive: true, force: true });
    writeFileSync(at("box", "a"), "one\ntwo\n");
    return [...hits, { shell, text: `one of ${texts.length} texts changed a file` }];
  }
}
