import path from "node:path";

import { recreateDatabase, withDatabase } from "./database.mjs";
import { explain, say } from "./output.mjs";
import { dataDirectory } from "./paths.mjs";
import { startPostgres } from "./postgres.mjs";

/**
 * Does some work with a database that is made anew for it, on a Postgres of its own, which is stopped afterwards.
 *
 * @param settings what the server is set to beside our own; without them it runs as the product's does
 * @returns what the work returns, an exit code; 1 when it failed, after saying why
 */
export async function withOwnDatabase({ folder, name, settings }, work) {
  let stop = () => undefined;
  try {
    const server = await startPostgres(path.join(dataDirectory(), folder, "pg"), settings);
    stop = server.stop;
    const url = server.url(name);
    await recreateDatabase(withDatabase(url, "postgres"), name);
    return await work(url);
  } catch (error) {
    say(explain(error));
    return 1;
  } finally {
    await stop();
  }
}
