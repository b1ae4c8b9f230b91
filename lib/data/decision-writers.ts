import "server-only";

import pg from "pg";

/** What a connection of a writer is: its queries go out at once, without waiting for the answers before them. */
export type Writer = pg.Client;

/** Begins a transaction with its first query, in one round trip. */
export async function begin(writer: Writer, query: pg.QueryConfig): Promise<pg.QueryResult> {
  const [, opened] = await inOneWrite(writer, () => [writer.query("BEGIN"), writer.query(query)]);
  return opened;
}

/**
 * Ends a transaction with its last query, in one round trip.
 *
 * @returns whether it was committed: a transaction that failed answers COMMIT with ROLLBACK, without an error
 */
export async function commit(writer: Writer, query: pg.QueryConfig): Promise<boolean> {
  const [, committed] = await inOneWrite(writer, () => [writer.query(query), writer.query("COMMIT")]);
  return committed.command === "COMMIT";
}

/** Sends both queries in one packet: each write of its own wakes the database, and costs as much as a row. */
function inOneWrite<T>(writer: Writer, send: () => readonly [Promise<T>, Promise<T>]): Promise<[T, T]> {
  const { stream } = (writer as Connected).connection;
  stream.cork();
  try {
    return Promise.all(send());
  } finally {
    stream.uncork();
  }
}

/** What `pg` does not have in its types: the stream it writes to. */
type Connected = Writer & { readonly connection: { readonly stream: { cork(): void; uncork(): void } } };

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
  const waiting: { resolve(writer: Writer): void; reject(error: unknown): void }[] = [];
  let open = 0;

  async function take(): Promise<Writer> {
    const known = idle.pop();
    if (known) return known;
    if (open >= most) return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    open += 1;
    return connect(connectionString).catch((error: unknown) => {
      open -= 1;
      throw error;
    });
  }

  function give(writer: Writer): void {
    const next = waiting.shift();
    if (next) next.resolve(writer);
    else idle.push(writer);
  }

  function drop(writer: Writer): void {
    open -= 1;
    void writer.end().catch(() => undefined);
    const next = waiting.shift();
    if (next) take().then(next.resolve, next.reject);
  }

  return {
    /** Whether `use` would have one at once. */
    isFree: () => idle.length > 0 || open < most,
    /**
     * Works with a connection of one's own, waiting for one where all are in use. After a failure its state is not known,
     * so it is ended.
     */
    async use<T>(work: (writer: Writer) => Promise<T>): Promise<T> {
      const writer = await take();
      try {
        const result = await work(writer);
        give(writer);
        return result;
      } catch (error) {
        drop(writer);
        throw error;
      }
    },
    /** Opens every connection that may be used and tries it. @throws when one cannot be opened or used */
    async warm(attempt: (writer: Writer) => Promise<unknown>): Promise<void> {
      const taken = await Promise.allSettled(Array.from({ length: most }, take));
      const tried = await Promise.allSettled(
        taken.map(async (one) => {
          if (one.status === "rejected") throw one.reason;
          await attempt(one.value).then(
            () => give(one.value),
            (error: unknown) => {
              drop(one.value);
              throw error;
            },
          );
        }),
      );
      const failed = tried.find((one) => one.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    },
    async close(): Promise<void> {
      const ending = idle.splice(0).map((writer) => writer.end().catch(() => undefined));
      open -= ending.length;
      await Promise.all(ending);
    },
  };
}
export type DecisionWriters = ReturnType<typeof decisionWriters>;

async function connect(connectionString: string): Promise<Writer> {
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
  // Without statistics the rows of a whole workspace would be marked, to be met with those of one id.
  "enable_bitmapscan=off",
  "enable_hashjoin=off",
  "enable_mergejoin=off",
  "plan_cache_mode=force_generic_plan",
  "jit=off",
]
  .map((setting) => `-c ${setting}`)
  .join(" ");
