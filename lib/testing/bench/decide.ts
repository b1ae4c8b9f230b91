import { writeFileSync } from "node:fs";

import { anyone, hintPool } from "@/lib/data/db";

import { alignColumns } from "./columns";
import { machineTimes } from "./cpu";
import { durable } from "./durable";
import { engine } from "./engine";
import { far } from "./far";
import { hot } from "./hot";
import { startMeter } from "./meter";
import { open } from "./open";
import { readOptions } from "./options";
import { past } from "./past";
import { replicas } from "./replicas";
import { describeEnd, describeMachine, type Figures, machineLines, type Report } from "./report";
import { bound, type Check, checksOf, type Outcome, type Part, shown, type Values } from "./requirements";
import { createServers, type Servers } from "./servers";
import type { Stage } from "./stage";
import { stops } from "./stops";

// Prints how fast decisions are: the engine alone, the durable path against its peers, calls that leave by the clock, one
// hot budget, two processes, stops under load, a database 1 ms away, and growth. Every figure stands beside what is
// required. Exits non-zero only when something could not be measured.
const RUN: {
  readonly [part in Part]: (stage: Stage, servers: Servers) => Outcome<unknown> | Promise<Outcome<unknown>>;
} = { engine, durable, open, hot, replicas, stops, far, past };

const options = readOptions(process.argv.slice(2));
const print = (line: string) => process.stdout.write(`${line}\n`);
const meter = await startMeter();
const stage: Stage = { options, meter, print };
const servers = createServers(stage);
const machine = describeMachine(meter.postgresVersion);
const timesBefore = machineTimes();

print(machineLines(machine));
print(
  "Load generator, servers and Postgres share the machine. Rates depend on what else runs, CPU per decision far less.",
);
const rounds = `${options.rounds} rounds of ${options.seconds} s, medians`;
print(`${rounds}; each server answers at least ${options.warm.toLocaleString("en-US")} calls before it is measured.\n`);

const figures: { [part in Part]?: unknown } = {};
const notMeasured: { part: Part; why: string }[] = [];
let values: Values = {};
try {
  for (const part of options.parts) {
    try {
      const outcome = await RUN[part](stage, servers);
      figures[part] = outcome.figures;
      values = { ...values, ...outcome.values };
      print("");
      printChecks(checksOf(outcome.values, [part]));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      notMeasured.push({ part, why });
      print(`  Could not measure ${part}: ${why}`);
    }
    print("");
  }
} finally {
  await servers.stop();
  await Promise.all([meter.end(), anyone.$disconnect(), hintPool.end()]);
}

const { seconds, rounds: count, warm, size, quick } = options;
const report: Report = {
  benchmark: "decide",
  machine,
  options: { seconds, rounds: count, warm, size, quick },
  figures: figures as Figures,
  checks: checksOf(values, options.parts),
  end: describeEnd(timesBefore),
  notMeasured,
};
if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
const stolen = report.end.stolen === null ? "" : `; the host took ${(100 * report.end.stolen).toFixed(1)} % of the CPU`;
print(`Load average ${report.end.load.toFixed(2)} at the end${stolen}.`);
printSummary(report.checks);
process.exitCode = notMeasured.length > 0 ? 1 : 0;

function printChecks(checks: readonly Check[]): void {
  print(
    alignColumns([
      ["required", "measured", "limit", "aim", ""],
      ...checks.map((check) => [
        check.what,
        shown(check.value, check.unit),
        bound(check, "limit"),
        bound(check, "aim"),
        check.met,
      ]),
    ]),
  );
}

function printSummary(checks: readonly Check[]): void {
  const limited = checks.filter(({ met }) => met === "met" || met === "missed");
  const missed = limited.filter(({ met }) => met === "missed");
  const unknown = checks.filter(({ met }) => met === "not measured").length;
  const rest = unknown > 0 ? `; ${unknown} figures could not be measured` : "";
  print(`${limited.length - missed.length} of ${limited.length} limits met${rest}.`);
  for (const check of missed)
    print(`  missed: ${check.what}: ${shown(check.value, check.unit)}, required ${bound(check, "limit")}`);
}
