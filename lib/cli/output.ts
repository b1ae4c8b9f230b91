import { readFileSync } from "node:fs";

import { CommandFailure } from "./client";

/** Prints a result: the JSON itself with `--json`, else the sentence made from it. */
export function print(json: boolean | undefined, result: unknown, sentence: string): void {
  process.stdout.write(`${json ? JSON.stringify(result) : sentence}\n`);
}

/** Aligned columns for a terminal. Control characters an agent may have smuggled in are shown, not obeyed. */
export function columns(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map((cell) => cell.replaceAll(/[\p{Cc}\p{Cf}]/gu, "�")));
  const widths = clean.reduce<number[]>(
    (most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, cell.length)),
    [],
  );
  return clean
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The text of a file; `-` is standard input. @throws {CommandFailure} `usage` when it cannot be read */
export function readInput(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (cause) {
    throw new CommandFailure("usage", `${file} cannot be read.`, cause);
  }
}
