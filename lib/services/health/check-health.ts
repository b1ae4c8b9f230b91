import "server-only";

import { checkDatabase } from "@/lib/data/health";

/** Whether this process may be sent traffic, with the reason when it may not. */
export type Health = {
  readonly ready: boolean;
  readonly checks: { readonly database: "ok" | "away"; readonly migrations: "ok" | "unfinished" | "unknown" };
};

/** The database answers and its schema is whole. */
export async function checkHealth(): Promise<Health> {
  try {
    const { unfinished } = await checkDatabase();
    return { ready: unfinished === 0, checks: { database: "ok", migrations: unfinished === 0 ? "ok" : "unfinished" } };
  } catch {
    return { ready: false, checks: { database: "away", migrations: "unknown" } };
  }
}
