import { expect, test } from "vitest";

import { commandLines, commandsAmong } from "./command-lines";

const shown = (command: string) =>
  commandLines(command).map(({ depth, words, mark }) => [depth, words.map(({ text }) => text).join(" "), mark]);

test("a command is shown program by program, each marked with what is known of it", () => {
  expect(shown('ls -la | grep x && echo "$(cat f)" && timeout 5 make; rm -rf x')).toEqual([
    [0, "ls -la", "harmless"],
    [0, "grep x", "harmless"],
    [0, 'echo "$(cat f)"', "harmless"],
    [1, "cat f", "harmless"],
    [0, "timeout 5 make", "unknown"],
    [1, "make", "unknown"],
    [0, "rm -rf x", "destructive"],
  ]);
});

test("what is decided at run time, set, read and written is said", () => {
  const [line] = commandLines("MODE=fast make $target > out.txt < in.txt");
  expect(line?.words.map(({ isKnown }) => isKnown)).toEqual([true, false]);
  expect(line?.notes).toEqual(["sets MODE to fast", "writes out.txt", "reads in.txt"]);
});

test("what cannot be read to its end is said first", () => {
  expect(commandLines("ls 'open")[0]).toMatchObject({
    mark: "unknown",
    why: expect.stringContaining("Not read to its end"),
  });
});

test("a command among the arguments is joined with its list of words", () => {
  const [command] = commandsAmong({ command: "git", args: ["push", "--force"] });
  expect(command?.lines.map(({ words, mark }) => [words.map(({ text }) => text).join(" "), mark])).toEqual([
    ["git push --force", "destructive"],
  ]);
});
