import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { env } from "@/lib/platform/env";

type Settings = { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> };

/** Runs one of our programs from source, in an environment of its own, to its end; returns what it printed. */
export async function runSource(entry: string, { args = [], env: more = {} }: Settings = {}): Promise<string> {
  const program = ["--conditions", "react-server", "--import", "tsx", entry, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, program, {
    env: {
      NODE_ENV: "production",
      PATH: "/usr/bin:/bin",
      DATABASE_URL: env.DATABASE_URL,
      NEXTAUTH_SECRET: env.NEXTAUTH_SECRET,
      LOG_LEVEL: "fatal",
      DEMO: "0",
      ...more,
    },
  });
  return stdout;
}
