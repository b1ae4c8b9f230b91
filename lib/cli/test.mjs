import { parseArgs } from "node:util";

import { ensureInstalled } from "./stack/install.mjs";
import { claim } from "./stack/lock.mjs";
import { explain, requireSpace, say, Stop } from "./stack/output.mjs";
import { dataDirectory, ensureDirectory } from "./stack/paths.mjs";
import { stopTools } from "./stack/run.mjs";

const count = { passed: 0, failed: 0, skipped: 0 };
const endings = [];
let interrupted = false;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    interrupted = true;
    stopTools();
  });
}

try {
  await test();
} catch (error) {
  if (!interrupted) say(explain(error));
  count.failed += 1;
}
for (const undo of endings.toReversed()) await undo();
if (count.skipped > 0) say(`${count.skipped} skipped: they need a file that is not here.`);
// The last line is read by programs too, so it says these two things and no third.
say(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed > 0 ? 1 : 0);

async function test() {
  const { only, filters } = chosen();
  const directory = ensureDirectory(`${dataDirectory()}/test`);
  requireSpace(directory);
  const { held, release } = claim(`${directory}/run.lock`);
  if (held)
    throw new Stop(`Process ${held.pid} is testing this checkout already; wait for it, or set INTERLOCK_DATA_DIR.`);
  endings.push(release);
  await ensureInstalled();
  const { runChecks } = await import("./stack/checks.mjs"); // not before the packages it needs are there
  await runChecks({
    only,
    filters,
    directory,
    count,
    atEnd: (undo) => endings.push(undo),
    isInterrupted: () => interrupted,
  });
}

function chosen() {
  const usage =
    "Test everything with `npm test`, one kind with `npm test -- --only unit`, browser, lint, types or build, or some files with `npm test -- part-of-path`.";
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { only: { type: "string" } } });
    if ([undefined, "unit", "browser", "lint", "types", "build"].includes(values.only)) {
      return { only: values.only, filters: positionals };
    }
  } catch {
    // an unknown option: the same sentence
  }
  throw new Stop(usage);
}
