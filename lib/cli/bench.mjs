import path from "node:path";

import { withDatabase, recreateDatabase } from "./stack/database.mjs";
import { ensureClient } from "./stack/build.mjs";
import { migrate } from "./stack/migrate.mjs";
import { explain, say } from "./stack/output.mjs";
import { startPostgres } from "./stack/postgres.mjs";
import { execute } from "./stack/run.mjs";
import { dataDirectory } from "./stack/paths.mjs";

// Runs one benchmark on a database of its own, with the settings the product runs with: fsync on, commits synchronous.
const [name = "decide", ...args] = process.argv.slice(2);
const atEnd = [];
try {
  await ensureClient();
  const server = await startPostgres(path.join(dataDirectory(), "bench", "pg"));
  atEnd.push(server.stop);
  const url = server.url("interlock_bench");
  await recreateDatabase(withDatabase(url, "postgres"), "interlock_bench");
  await migrate(url);
  const node = ["--conditions", "react-server", "--import", "tsx", `lib/testing/bench/${name}.ts`, ...args];
  const env = { DATABASE_URL: url, NEXTAUTH_SECRET: "only-for-benchmarks-71c0a2f4e8d9b6", LOG_LEVEL: "fatal" };
  const { code } = await execute(process.execPath, node, { env, onLine: say });
  process.exitCode = code;
} catch (error) {
  say(explain(error));
  process.exitCode = 1;
} finally {
  for (const stop of atEnd) await stop();
}
