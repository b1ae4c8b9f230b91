import { recreateDatabase, withDatabase } from "@/lib/cli/stack/database.mjs";
import { env } from "@/lib/platform/env";

import { connectOwner } from "./owner";

/** An empty database beside the one of this test worker. */
export type ScratchDatabase = { readonly url: string; drop(): Promise<void> };

/** Creates an empty database on the tests' server, in place of one an earlier run may have left. */
export async function createScratchDatabase(name: string): Promise<ScratchDatabase> {
  const own = decodeURIComponent(new URL(env.DATABASE_URL).pathname.slice(1));
  const full = `${own}_${name}`;
  const adminUrl = withDatabase(env.DATABASE_URL, "postgres");
  await recreateDatabase(adminUrl, full);
  return {
    url: withDatabase(env.DATABASE_URL, full),
    drop: async () => {
      const admin = await connectOwner(adminUrl);
      await admin.query(`DROP DATABASE IF EXISTS ${admin.escapeIdentifier(full)} WITH (FORCE)`);
      await admin.end();
    },
  };
}
