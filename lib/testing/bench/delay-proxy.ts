import { startDatabaseProxy } from "@/lib/testing/database-proxy";
import { createDelayLine } from "@/lib/testing/delay-line";

// A process between the servers and their database that holds every byte back for a while, in both directions, as a
// network does. It is told where the database is, and answers where it listens itself.
process.once("message", (told: { readonly databaseUrl: string; readonly delayMs: number }) => {
  void serve(told.databaseUrl, told.delayMs);
});

async function serve(databaseUrl: string, delayMs: number): Promise<void> {
  const line = createDelayLine(delayMs);
  const { url } = await startDatabaseProxy(databaseUrl, () => ({
    toDatabase: (chunk, write) => line.put(() => write(chunk)),
    toClient: (chunk, write) => line.put(() => write(chunk)),
  }));
  process.send?.(url);
}
