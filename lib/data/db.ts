import "server-only";

import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { env } from "@/lib/platform/env";

import { type Prisma, PrismaClient } from "./generated/client";

/** An open transaction whose rows are those of one workspace. */
export type Tx = Prisma.TransactionClient;

/** Either one workspace's view of the pool or an open transaction. Every query takes one, so it need not know which. */
export type Db = WorkspaceDb | Tx;

export type WorkspaceDb = ReturnType<typeof viewOf>;

// Every connection works as interlock_app, so row-level security holds even for a query that forgot its workspace. A
// process that falls silent inside a transaction loses it, and its locks, in less time than a stop waits for them; one
// that holds the workspace's lock loses it sooner (`HELD_SILENTLY_MS`).
const AS_APP = "-c role=interlock_app -c timezone=UTC -c idle_in_transaction_session_timeout=2500";

/** For how long a transaction that holds the workspace's lock may be silent: a stop must answer within a second. */
export const HELD_SILENTLY_MS = "700";

const prisma = new PrismaClient({
  transactionOptions: { maxWait: 5_000, timeout: 10_000 },
  adapter: new PrismaPg({
    connectionString: env.DATABASE_URL,
    options: `${AS_APP} -c statement_timeout=10000 -c lock_timeout=3000`,
    max: 8,
    connectionTimeoutMillis: 3_000,
    keepAlive: true,
  }),
});

const enter = (workspaceId: WorkspaceId) =>
  prisma.$executeRaw`SELECT set_config('interlock.workspace_id', ${workspaceId}, true)`;

const views = new Map<WorkspaceId, WorkspaceDb>();

/** The pool as one workspace sees it: each query runs in a transaction that names the workspace to row-level security. */
export function workspaceDb(workspaceId: WorkspaceId): WorkspaceDb {
  const view = views.get(workspaceId) ?? viewOf(workspaceId); // making one costs more than a query
  views.set(workspaceId, view);
  return view;
}

function viewOf(workspaceId: WorkspaceId) {
  return prisma.$extends({
    client: { $workspaceId: workspaceId },
    query: {
      async $allOperations({ args, query }) {
        const [, result] = await prisma.$transaction([
          enter(workspaceId),
          query(args) as Prisma.PrismaPromise<unknown>,
        ]);
        return result;
      },
    },
  });
}

/** Joins the caller's transaction, or opens one in its workspace. Nesting is therefore free and harmless. */
export async function transact<T>(on: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (!("$workspaceId" in on)) return work(on);
  const { $workspaceId: workspaceId } = on;
  const once = () =>
    prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT set_config('interlock.workspace_id', ${workspaceId}, true)`;
      return work(tx);
    });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once();
    } catch (error) {
      // A busy process was taken for a silent one, as one that loads its first pages is for a second or two. Its
      // transaction was rolled back, so it may be tried again.
      if (attempt === ATTEMPTS || !wasTakenForSilent(error)) throw error;
    }
  }
}

/** How often a transaction is tried whose connection was taken from a process that was busy. */
const ATTEMPTS = 4;

const wasTakenForSilent = (error: unknown) =>
  error instanceof Error && /idle-in-transaction (session )?timeout/.test(`${error.message} ${String(error.cause)}`);

/** The pool without a workspace: only for the questions asked before one is known (`lib/data/access.ts`). */
export const anyone: Pick<PrismaClient, "$queryRaw" | "$executeRaw" | "$disconnect"> = prisma;

/** A connection of its own for hints that events wait, so that busy pages and jobs do not hold them back. */
export const hintPool = new pg.Pool({
  connectionString: env.DATABASE_URL,
  options: `${AS_APP} -c statement_timeout=1200 -c lock_timeout=1000`,
  max: 1,
  connectionTimeoutMillis: 1_000,
  // A connection whose answer is lost on the way stays silent for as long as TCP allows.
  query_timeout: 1_500,
  keepAlive: true,
  application_name: "interlock-hints",
});
// An idle connection that breaks must not end the process; the next hint gets a new one.
hintPool.on("error", () => undefined);
