import { connect, createServer, type Socket } from "node:net";

/** Stands between a replica and its database and loses answers on demand. */
export type FaultProxy = {
  /** The database's address through this proxy. */
  readonly url: string;
  /** The answers to the next `count` commits never arrive, although the commits do. */
  swallowCommits(count: number): void;
  swallowed(): number;
  close(): void;
};

const COMMIT = "commit_decisions";

/** Forwards everything until told otherwise. A connection whose answer was swallowed stays silent and open for ever. */
export async function startFaultProxy(databaseUrl: string): Promise<FaultProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let wanted = 0;
  let swallowed = 0;

  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    let isMute = false;
    client.on("data", (chunk) => {
      if (wanted > 0 && !isMute && chunk.includes(COMMIT)) {
        wanted -= 1;
        swallowed += 1;
        isMute = true;
      }
      database.write(chunk);
    });
    database.on("data", (chunk) => {
      if (!isMute) client.write(chunk);
    });
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.port = String(typeof address === "object" && address ? address.port : 0);
  return {
    url: url.href,
    swallowCommits: (count) => (wanted = count),
    swallowed: () => swallowed,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
