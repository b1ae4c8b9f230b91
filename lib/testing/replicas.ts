import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { env } from "@/lib/platform/env";

/** API processes of their own on one database: what a race needs to be real. */
export type Replicas = { readonly urls: readonly string[]; stop(): Promise<void> };

/** A server process under test. `stop` is kill -9: nothing may depend on a good-bye. */
export type Served = { readonly url: string; readonly pid: number; stop(): Promise<void> };

/** Starts `count` API processes from source on free ports and waits until each is ready. */
export async function startReplicas(count: number, databaseUrl?: string): Promise<Replicas> {
  const started = await Promise.all(
    Array.from({ length: count }, () => startProcess("lib/api/main.ts", [], databaseUrl)),
  );
  return {
    urls: started.map(({ url }) => url),
    async stop() {
      await Promise.all(started.map(({ stop }) => stop()));
    },
  };
}

/** Starts one server from source on a free port and waits until `/readyz` answers. @throws when it does not */
export async function startProcess(
  entry: string,
  args: readonly string[] = [],
  databaseUrl: string = env.DATABASE_URL,
  more: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // react-server: the condition under which the package server-only is silent.
  const child = spawn(process.execPath, ["--conditions", "react-server", "--import", "tsx", entry, ...args], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      NODE_ENV: "production",
      PATH: "/usr/bin:/bin",
      DATABASE_URL: databaseUrl,
      NEXTAUTH_SECRET: env.NEXTAUTH_SECRET,
      INTERLOCK_WORK_FILE: env.INTERLOCK_WORK_FILE,
      PORT: String(port),
      // Replicas of one installation have one address, and the same answer names the same link.
      PUBLIC_URL: "http://interlock.test",
      LOG_LEVEL: "fatal",
      ...more,
    },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${entry} ended with ${child.exitCode}`);
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return { url, pid: child.pid ?? 0, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`${entry} did not become ready`);
}

/** A port that nobody listens on just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
