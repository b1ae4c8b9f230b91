import { say } from "./stack/output.mjs";
import { withOwnDatabase } from "./stack/own-database.mjs";
import { execute } from "./stack/run.mjs";

// Has real shells and databases judge what is called harmless, with a database of its own.
const [name = "commands", ...args] = process.argv.slice(2);
const own = { folder: "fuzz", name: "interlock_fuzz", settings: { fsync: "off" } };
process.exitCode = await withOwnDatabase(own, async (url) => {
  const node = ["--import", "tsx", `lib/testing/fuzz/${name}.ts`, ...args, `--url=${url}`];
  return (await execute(process.execPath, node, { onLine: say })).code;
});
