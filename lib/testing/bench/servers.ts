import type { Served } from "@/lib/testing/replicas";

import { type Ground, oursOn, prepareGround, type Stage, startOurs, warm } from "./stage";

/** The processes of the product that are measured: started when first needed, warm when handed out. */
export type Servers = {
  first(): Promise<Served>;
  second(): Promise<Served>;
  stop(): Promise<void>;
};

/** Nothing is started yet; `stop` ends what was. */
export function createServers(stage: Stage): Servers {
  const started: Served[] = [];
  const lazily = (name: string) => {
    let server: Promise<Served> | null = null;
    return () => (server ??= startWarm(stage, name, (one) => started.push(one)));
  };
  return {
    first: lazily("Interlock"),
    second: lazily("Interlock, second process"),
    async stop() {
      await Promise.all(started.map(({ stop }) => stop()));
    },
  };
}

/** Starts a process of the product on the given address of the database and warms it in a workspace of its own. */
export async function startWarm(
  stage: Stage,
  name: string,
  began: (server: Served) => void,
  databaseUrl?: string,
): Promise<Served> {
  const server = await startOurs(databaseUrl);
  began(server);
  const ground: Ground = await prepareGround(server.url);
  await warm(stage, oursOn(name, [server], ground));
  return server;
}
