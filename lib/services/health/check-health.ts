import "server-only";

import { checkDatabase, findDeliveryLag } from "@/lib/data/health";
import { gauge } from "@/lib/platform/metrics";

import { decisionsReady } from "../decisions/decision-batches";

/** Whether this process may be sent traffic, with the reason when it may not. */
export type Health = {
  readonly ready: boolean;
  readonly checks: {
    readonly database: "ok" | "away";
    readonly migrations: "ok" | "unfinished" | "unknown";
    /** Whether the connections that decisions are made through are open: the first call must not wait for them. */
    readonly decisions: "ok" | "opening" | "unknown";
    /** Whether messages go out. Late ones are no reason to send no traffic: deciding needs none of them. */
    readonly notifications: "ok" | "late" | "unknown";
  };
};

/** A message or event older than this is late. */
const LATE_SECONDS = 60;

const lag = gauge(
  "interlock_outbox_lag_seconds",
  "How long the message that is due has waited, and since when the outbox was last read.",
  {
    labelNames: ["what"],
  },
);

/** The database answers and its schema is whole. Measures besides how far messages to the outside are behind. */
export async function checkHealth(): Promise<Health> {
  try {
    const { unfinished } = await checkDatabase();
    const migrations = unfinished === 0 ? "ok" : "unfinished";
    const decisions = unfinished === 0 && (await decisionsReady()) ? "ok" : "opening";
    const checks = { database: "ok", migrations, decisions, notifications: await checkDelivery() } as const;
    return { ready: decisions === "ok", checks };
  } catch {
    const checks = { database: "away", migrations: "unknown", decisions: "unknown", notifications: "unknown" } as const;
    return { ready: false, checks };
  }
}

async function checkDelivery(): Promise<"ok" | "late" | "unknown"> {
  try {
    const { due_seconds, read_seconds } = await findDeliveryLag();
    lag.set({ what: "due" }, due_seconds);
    lag.set({ what: "read" }, read_seconds);
    return Math.max(due_seconds, read_seconds) > LATE_SECONDS ? "late" : "ok";
  } catch {
    return "unknown";
  }
}
