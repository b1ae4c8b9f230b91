import pg from "pg";

import { env } from "@/lib/platform/env";

/** Anything that answers SQL: a connection, or a copy seen through one. */
export type Owner = Pick<pg.ClientBase, "query">;

/** A connection as whoever owns the tables: it sees every workspace and may change what the application may not. */
export async function connectOwner(connectionString: string = env.DATABASE_URL): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, options: "-c timezone=UTC" });
  client.on("error", () => undefined); // a server that a test kills shows in the next query
  await client.connect();
  return client;
}
