import { type DatabaseProxy, startDatabaseProxy } from "./database-proxy";

/** Stands between a replica and its database and loses answers on demand. */
export type FaultProxy = DatabaseProxy & {
  /** The answers to the next `count` commits never arrive, although the commits do. */
  swallowCommits(count: number): void;
  swallowed(): number;
};

const COMMIT = "commit_decisions";

/** Forwards everything until told otherwise. A connection whose answer was swallowed stays silent and open for ever. */
export async function startFaultProxy(databaseUrl: string): Promise<FaultProxy> {
  let wanted = 0;
  let swallowed = 0;

  const proxy = await startDatabaseProxy(databaseUrl, () => {
    let isMute = false;
    return {
      toDatabase(chunk, write) {
        if (wanted > 0 && !isMute && chunk.includes(COMMIT)) {
          wanted -= 1;
          swallowed += 1;
          isMute = true;
        }
        write(chunk);
      },
      toClient(chunk, write) {
        if (!isMute) write(chunk);
      },
    };
  });
  return { ...proxy, swallowCommits: (count) => (wanted = count), swallowed: () => swallowed };
}
