import type { Meter } from "./meter";

const DECISIONS_PER_SESSION = 20;
const DAYS = 30;

/** Copies of a row that differ from it in some columns. Columns the table does not have are left out. */
export function copyStatement(
  table: string,
  columns: readonly string[],
  changed: Readonly<Record<string, string>>,
  from: string,
): string {
  const names = columns.map((column) => `"${column}"`).join(", ");
  const values = columns.map((column) => changed[column] ?? `t."${column}"`).join(", ");
  return `INSERT INTO ${table} (${names}) SELECT ${values} FROM ${from}`;
}

/**
 * Loads `size` past decisions of the workspace's agents with their sessions, runs and ledger entries, spread over the
 * last thirty days. They are copies of rows the server itself wrote, so they look like its own whatever the columns are.
 */
export async function loadPast(meter: Meter, workspaceId: string, size: number): Promise<void> {
  const sessions = Math.ceil(size / DECISIONS_PER_SESSION);
  const age = `(($2::float8 - p.n) / $2::float8 * ${DAYS} * interval '1 day')`;
  const copy = async (table: string, changed: Readonly<Record<string, string>>, from: string, count: number) => {
    const statement = copyStatement(table, await columnsOf(meter, table), changed, from);
    // Both parameters appear in every statement, because one that is never used has no type.
    await meter.query(`${statement} WHERE $1::uuid IS NOT NULL AND $2::float8 > 0`, [workspaceId, count]);
  };
  const numbered = (table: string, rows: string) =>
    `(SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM (${rows}) ${table}_rows) t`;
  const template = "SELECT * FROM decisions WHERE workspace_id = $1 ORDER BY id DESC LIMIT 100";

  // Constraints hold for rows that were valid before; triggers would queue the copies to be sequenced again.
  await meter.query("SET session_replication_role = replica");
  try {
    await meter.query(
      `CREATE TEMP TABLE past_runs ON COMMIT PRESERVE ROWS AS
       SELECT n, gen_random_uuid() AS session_id, gen_random_uuid() AS run_id FROM generate_series(0, ${sessions - 1}) n`,
    );
    await meter.query("CREATE UNIQUE INDEX ON past_runs (n)");
    await meter.query(
      `CREATE TEMP TABLE past_decisions AS
       SELECT n, uuidv7(-((${size} - n) / ${size}::float8 * ${DAYS} * interval '1 day')) AS id FROM generate_series(0, ${size - 1}) n`,
    );
    const began = { created_at: `now() - ${age}`, started_at: `now() - ${age}`, last_at: `now() - ${age}` };
    await copy(
      "sessions",
      { ...began, id: "p.session_id", external_id: "'past-' || p.n" },
      "past_runs p CROSS JOIN (SELECT * FROM sessions WHERE workspace_id = $1 LIMIT 1) t",
      sessions,
    );
    await copy(
      "runs",
      { ...began, id: "p.run_id", session_id: "p.session_id" },
      "past_runs p CROSS JOIN (SELECT * FROM runs WHERE workspace_id = $1 LIMIT 1) t",
      sessions,
    );
    const decided = {
      created_at: `now() - ${age}`,
      id: "p.id",
      session_id: "r.session_id",
      run_id: "r.run_id",
      step: `(p.n / ${sessions} + 1)::int`,
      call_id: "'past-' || p.n",
      approval_id: "NULL::uuid",
    };
    const past = `past_decisions p JOIN past_runs r ON r.n = p.n % ${sessions}`;
    const [made] = await meter.query<{ places: number }>(`SELECT count(*)::int AS places FROM (${template}) d`, [
      workspaceId,
    ]);
    if (!made?.places) throw new Error("there are no decisions to copy");
    // A number and not a column, so that the rows can be joined by hash.
    const byPlace = `t.place = p.n % ${made.places}`;
    await copy("decisions", decided, `${past} JOIN ${numbered("decisions", template)} ON ${byPlace}`, size);
    const entries = `SELECT e.* FROM ledger_entries e JOIN (${template}) d ON d.id = e.id`;
    await copy("ledger_entries", decided, `${past} JOIN ${numbered("entries", entries)} ON ${byPlace}`, size);
  } finally {
    await meter.query("DROP TABLE IF EXISTS past_decisions, past_runs");
    await meter.query("SET session_replication_role = origin");
  }
  await meter.query("ANALYZE sessions, runs, decisions, ledger_entries");
}

async function columnsOf(meter: Meter, table: string): Promise<readonly string[]> {
  const rows = await meter.query<{ name: string }>(
    "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' AND is_identity = 'NO' ORDER BY ordinal_position",
    [table],
  );
  if (rows.length === 0) throw new Error(`there is no table ${table}`);
  return rows.map(({ name }) => name);
}
