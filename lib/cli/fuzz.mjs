import path from "node:path";

import { recreateDatabase, withDatabase } from "./stack/database.mjs";
import { explain, say } from "./stack/output.mjs";
import { dataDirectory } from "./stack/paths.mjs";
import { startPostgres } from "./stack/postgres.mjs";
import { execute } from "./stack/run.mjs";

// Has real shells and databases judge what is called harmless, with a database of its own.
const [name = "commands", ...args] = process.argv.slice(2);
const atEnd = [];
try {
  const server = await startPostgres(path.join(dataDirectory(), "fuzz", "pg"), { fsync: "off" });
  atEnd.push(server.stop);
  const url = server.url("interlock_fuzz");
  await recreateDatabase(withDatabase(url, "postgres"), "interlock_fuzz");
  const node = ["--import", "tsx", `lib/testing/fuzz/${name}.ts`, ...args, `--url=${url}`];
  const { code } = await execute(process.execPath, node, { onLine: say });
  process.exitCode = code;
} catch (error) {
  say(explain(error));
  process.exitCode = 1;
} finally {
  for (const stop of atEnd) await stop();
}
