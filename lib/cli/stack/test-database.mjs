import path from "node:path";

import { recreateDatabase, withDatabase } from "./database.mjs";
import { migrate } from "./migrate.mjs";
import { Stop, step } from "./output.mjs";
import { startPostgres } from "./postgres.mjs";
import { setting } from "./settings.mjs";

/**
 * Nothing here has to survive a power cut. `synchronous_commit` stays on: tests kill the server and look what is left.
 * When each transaction committed is kept, so that a check can say what came after what.
 */
const FAST = { fsync: "off", full_page_writes: "off", track_commit_timestamp: "on", max_connections: "200" };

/**
 * Migrated databases with nothing in them, new for each run and apart from the product's: as many as test files run at
 * once, because a job takes up the work of every workspace it finds.
 */
export async function testDatabases({ directory, atEnd, count }) {
  const url = given() ?? (await embedded({ directory, atEnd }));
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const names = Array.from({ length: count }, (_, index) => (index === 0 ? name : `${name}_${index + 1}`));
  const urls = names.map((one) => withDatabase(url, one));
  await step("Migrating the test databases", async () => {
    for (const [index, one] of names.entries()) {
      await recreateDatabase(withDatabase(url, "postgres"), one);
      await migrate(urls[index]);
    }
  });
  return urls;
}

/** Only TEST_DATABASE_URL, never DATABASE_URL, and only with `test` in its name: the database is dropped. */
function given() {
  const url = setting("TEST_DATABASE_URL");
  if (url && !/test/i.test(new URL(url).pathname)) {
    throw new Stop(
      "TEST_DATABASE_URL must name a database with `test` in its name, because it is dropped before each run.",
    );
  }
  return url;
}

async function embedded({ directory, atEnd }) {
  const server = await startPostgres(path.join(directory, "pg"), FAST);
  atEnd(server.stop);
  return server.url("interlock_test");
}
