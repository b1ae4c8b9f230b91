import pg from "pg";

import { env } from "@/lib/platform/env";

import { cpuOfFamily, cpuOfProcess, nameOfProcess, parentOf } from "./cpu";

/** What a piece of work used, in all. Null where this machine does not tell. */
export type Used = {
  readonly nodeUs: number | null;
  readonly postgresUs: number | null;
  readonly walBytes: number;
  /** Decisions recorded in the workspace, and the transactions that recorded them. */
  readonly decisions: number;
  readonly transactions: number;
};

/** Reads what servers and database use, over a connection of its own. */
export type Meter = {
  readonly postgresVersion: string;
  /** Runs the work and says what it used. `workspaceId` is where its decisions are looked for. */
  measure<T>(pids: readonly number[], workspaceId: string | null, work: () => Promise<T>): Promise<[T, Used]>;
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  end(): Promise<void>;
};

/** The first UUID of version 7 of a millisecond: decisions made since then have greater ids. */
export const uuidAt = (ms: number) => {
  const hex = Math.floor(ms).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
};

/** Connects to the benchmark's database. The CPU of Postgres is known only where it runs on this machine. */
export async function startMeter(): Promise<Meter> {
  const client = new pg.Client({ connectionString: env.DATABASE_URL });
  await client.connect();
  const query: Meter["query"] = async (text, values = []) => (await client.query(text, [...values])).rows;

  const [about] = await query<{ pid: number; version: string }>(
    "SELECT pg_backend_pid() AS pid, current_setting('server_version') AS version",
  );
  const postmaster = nameOfProcess(about?.pid ?? 0)?.startsWith("postgres") ? parentOf(about?.pid ?? 0) : null;

  const walPlace = async () => {
    const [row] = await query<{ place: string }>("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS place");
    return Number(row?.place);
  };
  const cpu = (pids: readonly number[]) => ({
    nodeUs: sum(pids.map(cpuOfProcess)),
    postgresUs: postmaster === null ? null : cpuOfFamily(postmaster),
  });

  return {
    postgresVersion: about?.version ?? "unknown",
    query,
    async measure(pids, workspaceId, work) {
      const since = uuidAt(Date.now());
      const walBefore = await walPlace();
      const before = cpu(pids);
      const result = await work();
      const after = cpu(pids);
      const walBytes = (await walPlace()) - walBefore;
      // Each row names the transaction that wrote it, so the batches can be counted afterwards at no cost to the servers.
      const [rows] = await query<{ decisions: number; transactions: number }>(
        "SELECT count(*)::int AS decisions, count(DISTINCT xmin::text)::int AS transactions FROM decisions WHERE workspace_id = $1 AND id >= $2",
        [workspaceId, since],
      );
      const used = {
        nodeUs: minus(after.nodeUs, before.nodeUs),
        postgresUs: minus(after.postgresUs, before.postgresUs),
        walBytes,
        decisions: rows?.decisions ?? 0,
        transactions: rows?.transactions ?? 0,
      };
      return [result, used];
    },
    end: () => client.end(),
  };
}

const minus = (after: number | null, before: number | null) =>
  after === null || before === null ? null : after - before;

function sum(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((all, each) => (all === null || each === null ? null : all + each), 0);
}
