import "server-only";

import pg from "pg";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { env } from "@/lib/platform/env";

const OPTIONS =
  "-c role=interlock_app -c timezone=UTC -c jit=off -c idle_in_transaction_session_timeout=10000 -c statement_timeout=30000 -c lock_timeout=15000";

/**
 * Connections of their own for telemetry, so that a flood of it leaves decisions, pages and jobs theirs. They work as
 * interlock_app like all others.
 */
export const ingestPool = poolOf("interlock-ingest");

/** Connections for those who look at telemetry, so that however many do, telemetry still comes in. */
const figuresPool = poolOf("interlock-figures");

function poolOf(name: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: env.DATABASE_URL,
    options: OPTIONS,
    max: 4,
    connectionTimeoutMillis: 3_000,
    query_timeout: 35_000,
    keepAlive: true,
    application_name: name,
    allowExitOnIdle: true,
  });
  // An idle connection that breaks must not end the process; the next query gets a new one.
  pool.on("error", () => undefined);
  return pool;
}

/** Ends the connections of both, for a process that is about to end. */
export async function endIngest(): Promise<void> {
  await Promise.all([ingestPool.end(), figuresPool.end()]);
}

type Work<T> = (client: pg.ClientBase) => Promise<T>;

/** A transaction in one workspace. It is rolled back when `work` throws. */
export const ingestTransaction = <T>(workspaceId: WorkspaceId, work: Work<T>): Promise<T> =>
  transaction(ingestPool, "BEGIN", { workspaceId, work });

/** Reads of one workspace that all see the same moment. */
export const ingestSnapshot = <T>(workspaceId: WorkspaceId, work: Work<T>): Promise<T> =>
  transaction(figuresPool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", { workspaceId, work });

type InWorkspace<T> = { readonly workspaceId: WorkspaceId; readonly work: Work<T> };

async function transaction<T>(pool: pg.Pool, begin: string, { workspaceId, work }: InWorkspace<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query(begin);
    await client.query("SELECT set_config('interlock.workspace_id', $1, true)", [workspaceId]);
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // Its state is not known after a failure, so the connection is ended; the server rolls back what was open.
    client.release(failure);
  }
}
