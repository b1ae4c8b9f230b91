import { connect, createServer, type Socket } from "node:net";

/** The database's address through a proxy. */
export type DatabaseProxy = { readonly url: string; close(): void };

type Write = (chunk: Buffer) => void;
/** What becomes of the bytes of one connection, by direction. `write` passes them on, at once or later. */
export type Passage = { toDatabase(chunk: Buffer, write: Write): void; toClient(chunk: Buffer, write: Write): void };

/** Listens on a free port of this machine and passes every connection on to the database as `open` says. */
export async function startDatabaseProxy(databaseUrl: string, open: () => Passage): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    const passage = open();
    client.on("data", (chunk: Buffer) => passage.toDatabase(chunk, (bytes) => database.write(bytes)));
    database.on("data", (chunk: Buffer) => passage.toClient(chunk, (bytes) => client.write(bytes)));
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
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
  url.hostname = "127.0.0.1";
  url.port = String(typeof address === "object" && address ? address.port : 0);
  return {
    url: url.href,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
