import { readFileSync, writeFileSync } from "node:fs";

import { readmeTable, withTable } from "./readme-table";
import type { Report } from "./report";

// Writes the README's table from the JSON of a run: `npm run bench:decide -- --size=1000000 --json=file.json`, then
// `npm run bench:table -- file.json`.
const README = "README.md";
const [file] = process.argv.slice(2);

try {
  if (file === undefined) throw new Error("Name the file that `npm run bench:decide -- --json=file.json` wrote.");
  const report: Report = JSON.parse(readFileSync(file, "utf8"));
  if (report.benchmark !== "decide") throw new Error(`${file} does not hold the figures of bench:decide.`);
  writeFileSync(README, withTable(readFileSync(README, "utf8"), readmeTable(report)));
  process.stdout.write(`${README} has the figures of ${report.machine.at}.\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
