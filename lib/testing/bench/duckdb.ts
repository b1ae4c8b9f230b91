import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

import type { Owner } from "../owner";

/** What of `@duckdb/node-api` is used; it is not ours to type further. */
type DuckDb = {
  DuckDBInstance: {
    create(file: string): Promise<{ connect(): Promise<Connection>; closeSync(): void }>;
  };
};
type Connection = {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string, values: Readonly<Record<string, string>>): Promise<unknown>;
  closeSync(): void;
};

/** A DuckDB in memory that holds a workspace's events, as somebody would who reads them by a column store. */
export type Ducks = {
  ask(sql: string, values: Readonly<Record<string, string>>): Promise<unknown>;
  close(): void;
};

const COLUMNS = "kept_at, agent_id, model, tokens_input, tokens_output, cost_picos, error_type";

/**
 * Copies a workspace's events into DuckDB, with two threads as the machine has cores.
 *
 * @param folder where `@duckdb/node-api` is installed
 */
export async function openDuckDb(folder: string, owner: Owner, workspaceId: string): Promise<Ducks> {
  const { DuckDBInstance }: DuckDb = createRequire(path.join(folder, "peers.js"))("@duckdb/node-api");
  const place = mkdtempSync(path.join(tmpdir(), "interlock-duckdb-"));
  chmodSync(place, 0o777); // the database writes the file, which may run as another user
  try {
    const file = path.join(place, "events.csv");
    const utc = COLUMNS.replace("kept_at", "kept_at AT TIME ZONE 'UTC' AS kept_at");
    await owner.query(`COPY (SELECT ${utc} FROM events WHERE workspace_id = '${workspaceId}') TO '${file}' CSV HEADER`);
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(
      `CREATE TABLE events (kept_at timestamp, agent_id uuid, model text, tokens_input bigint, tokens_output bigint,
         cost_picos hugeint, error_type text)`,
    );
    await connection.run(`INSERT INTO events SELECT ${COLUMNS} FROM read_csv('${file}', header = true)`);
    return {
      ask: (sql, values) => connection.runAndReadAll(sql, values),
      close() {
        connection.closeSync();
        instance.closeSync();
      },
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
