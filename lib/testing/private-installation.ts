import path from "node:path";

import { z } from "zod";

import { recreateDatabase } from "@/lib/cli/stack/database.mjs";
import { migrate } from "@/lib/cli/stack/migrate.mjs";
import { startPostgres } from "@/lib/cli/stack/postgres.mjs";
import { env } from "@/lib/platform/env";

import { connectOwner } from "./owner";
import { runSource } from "./run-source";

/** A Postgres of its own with one empty workspace, so that a test may end the server without ending its neighbours. */
export type PrivateInstallation = {
  readonly url: string;
  readonly admin: string;
  readonly workspaceId: string;
  /** kill -9 of the server. */
  kill(): void;
  /** Starts it again on the same port and returns when it accepts connections. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

const SETTINGS = {
  track_commit_timestamp: "on",
  fsync: "off",
  full_page_writes: "off",
  shared_buffers: "64MB",
  max_connections: "40",
};
const Account = z.looseObject({ token: z.string() });
const Workspace = z.object({ id: z.string() });

/** @param name of its folder; the same one is used again by the next run */
export async function startPrivateInstallation(name: string): Promise<PrivateInstallation> {
  const server = await startPostgres(path.join(env.INTERLOCK_DATA_DIR, name), SETTINGS);
  const url = server.url("interlock_test");
  await recreateDatabase(server.url("postgres"), "interlock_test");
  await migrate(url);
  const owner = await connectOwner(url);
  try {
    const { token } = Account.parse(JSON.parse(await runSource("lib/cli/setup.ts", { env: { DATABASE_URL: url } })));
    const { rows } = await owner.query("SELECT id FROM workspaces");
    return {
      url,
      admin: token,
      workspaceId: Workspace.parse(rows[0]).id,
      kill: server.kill,
      restart: server.ensureRunning,
      stop: server.stop,
    };
  } finally {
    await owner.end();
  }
}
