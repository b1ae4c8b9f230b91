import "server-only";

import pg from "pg";

/** What a connection of a writer is: its queries go out at once, without waiting for the answers before them. */
export type Writer = pg.Client;

/**
 * Connections for batches of decisions, each used by one batch at a time.
 *
 * The planner's choices are fixed to indexes: a batch must not walk a table because statistics are missing or old. An
 * idle transaction ends well before a stop gives up waiting for its lock, so that a process that falls silent between its
 * two statements holds nobody up.
 */
export function decisionWriters({
  connectionString,
  most,
}: {
  readonly connectionString: string;
  readonly most: number;
}) {
  const idle: Writer[] = [];
  let open = 0;

  async function connect(): Promise<Writer> {
    const client = new pg.Client({
      connectionString,
      options: OPTIONS,
      application_name: "interlock-decisions",
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_MS,
      // A connection whose answer is lost stays silent for as long as TCP allows. It is given up here, a little after the
      // server would have given up the statement.
      query_timeout: QUERY_MS,
      pipeline: true,
    } as pg.ClientConfig); // `pipeline` is not in the types yet
    client.on("error", () => undefined); // the next query says so
    await client.connect();
    return client;
  }

  return {
    /** Whether `take` would have one at once. */
    isFree: () => idle.length > 0 || open < most,
    /** A connection of one's own; null where all are in use. @throws when none can be made */
    async take(): Promise<Writer | null> {
      const known = idle.pop();
      if (known) return known;
      if (open >= most) return null;
      open += 1;
      return connect().catch((error: unknown) => {
        open -= 1;
        throw error;
      });
    },
    give(writer: Writer): void {
      idle.push(writer);
    },
    /** Ends a connection that is in an unknown state. */
    drop(writer: Writer): void {
      open -= 1;
      void writer.end().catch(() => undefined);
    },
    async close(): Promise<void> {
      const ending = idle.splice(0).map((writer) => writer.end().catch(() => undefined));
      open -= ending.length;
      await Promise.all(ending);
    },
  };
}
export type DecisionWriters = ReturnType<typeof decisionWriters>;

const CONNECT_MS = 1_000;
const QUERY_MS = 1_500;
/** Long enough for a busy event loop, and less than a stop waits. */
const IDLE_IN_TRANSACTION_MS = 600;

const OPTIONS = [
  "role=interlock_app",
  "timezone=UTC",
  "statement_timeout=1200",
  "lock_timeout=1000",
  `idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
  "enable_seqscan=off",
  "enable_hashjoin=off",
  "enable_mergejoin=off",
  "plan_cache_mode=force_generic_plan",
  "jit=off",
]
  .map((setting) => `-c ${setting}`)
  .join(" ");
