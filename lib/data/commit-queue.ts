import "server-only";

import type { Pool } from "pg";
import { z } from "zod";

import type { WorkspaceId } from "@/lib/core/shared/brand";

/** One call as the SQL function `commit_decisions` reads it: the fields of the SQL type `commit_item`. */
export type CommitItem = Readonly<Record<string, unknown>>;

/** The run a call belongs to, by the names its agent gave. */
export type RunKey = { readonly agent_id: string; readonly session: string; readonly run: string };

const CommitRow = z.object({
  ord: z.int(),
  status: z.enum(["committed", "replayed", "mismatch", "stale", "revoked", "ask"]),
  answer: z.record(z.string(), z.unknown()).nullable(),
  entry: z.record(z.string(), z.unknown()).nullable(),
});

/**
 * What became of one call. `committed` is durable; the others wrote nothing: `stale` wants a new evaluation, `ask` wants
 * one that shows the call to a person, because a count that only the commit knows asks for one.
 */
export type CommitResult = z.infer<typeof CommitRow>;

type Waiting = {
  readonly run: RunKey;
  /** The item as JSON: written once, however often it is tried. */
  readonly item: string;
  readonly settle: (result: CommitResult) => void;
  readonly fail: (error: unknown) => void;
};

type Lane = { readonly workspaceId: WorkspaceId; readonly epoch: bigint; readonly waiting: Waiting[] };

const MAX_BATCH = 200;
/** Beyond this many unanswered calls a new one is refused at once: a queue that cannot drain must not grow. */
const MAX_WAITING = 5_000;

/** Thrown when a call could not be made durable. The only safe answer is deny. */
export class CannotRecord extends Error {
  override readonly name = "CannotRecord";
}

/**
 * Group commit without a timer: what arrives while every writer is busy goes together as the next statement.
 *
 * Calls of one workspace that saw the same epoch share a batch, in arrival order; each stands or falls alone. A batch
 * that fails for a reason of its content is tried again call by call, so that one bad call cannot deny its neighbours.
 */
export function createCommitQueue(
  pool: Pool,
  options: { writers: number; deadlineMs: number; afterCommit: (workspaceId: WorkspaceId) => void },
) {
  const lanes = new Map<string, Lane>();
  /** Statements under way, by workspace. */
  const busy = new Map<WorkspaceId, number>();
  let writing = 0;
  let unanswered = 0;

  function commit(workspaceId: WorkspaceId, epoch: bigint, run: RunKey, item: CommitItem): Promise<CommitResult> {
    if (unanswered >= MAX_WAITING) return Promise.reject(new CannotRecord("too many decisions are waiting"));
    return new Promise((resolve, reject) => {
      unanswered += 1;
      const timer = setTimeout(
        () => fail(new CannotRecord("the deadline passed before the decision was recorded")),
        options.deadlineMs,
      );
      let answered = false;
      const once = (finish: () => void) => {
        if (answered) return;
        answered = true;
        unanswered -= 1;
        clearTimeout(timer);
        finish();
      };
      const fail = (error: unknown) =>
        once(() =>
          reject(error instanceof CannotRecord ? error : new CannotRecord("the commit failed", { cause: error })),
        );
      const key = `${workspaceId} ${epoch}`;
      const lane = lanes.get(key) ?? { workspaceId, epoch, waiting: [] };
      lane.waiting.push({
        run,
        item: JSON.stringify(told({ ...run, ...item })),
        settle: (result) => once(() => resolve(result)),
        fail,
      });
      lanes.set(key, lane);
      // Calls that become ready in this turn of the loop share the statement.
      if (writing < options.writers) queueMicrotask(write);
    });
  }

  function write(): void {
    if (writing >= options.writers) return;
    const next = nextLane();
    if (next === null) return;
    const [key, lane] = next;
    const batch = lane.waiting.splice(0, MAX_BATCH);
    lanes.delete(key);
    if (lane.waiting.length > 0) lanes.set(key, lane); // to the back: no workspace waits for another's backlog
    writing += 1;
    busy.set(lane.workspaceId, (busy.get(lane.workspaceId) ?? 0) + 1);
    void send(lane, batch).finally(() => {
      writing -= 1;
      const left = (busy.get(lane.workspaceId) ?? 1) - 1;
      if (left > 0) busy.set(lane.workspaceId, left);
      else busy.delete(lane.workspaceId);
      write();
    });
  }

  /** The longest waiting lane whose workspace leaves a writer free: one that is held up must not hold up the others. */
  function nextLane(): [string, Lane] | null {
    const most = Math.max(1, options.writers - 1);
    for (const entry of lanes) if ((busy.get(entry[1].workspaceId) ?? 0) < most) return entry;
    return null;
  }

  async function send(lane: Lane, batch: readonly Waiting[]): Promise<void> {
    try {
      await sendTogether(lane, batch);
    } catch (error) {
      if (batch.length === 1 || isConnectionFault(error)) {
        for (const waiting of batch) waiting.fail(error);
        return;
      }
      for (const waiting of batch) await sendTogether(lane, [waiting]).catch(waiting.fail);
    }
  }

  async function sendTogether(lane: Lane, batch: readonly Waiting[]): Promise<void> {
    const { runOf, runs } = runsOf(batch);
    const { rows } = await pool.query({
      name: "commit_decisions",
      text: "SELECT ord, status, answer, entry FROM commit_decisions($1, $2, $3, $4, $5)",
      values: [
        lane.workspaceId,
        String(lane.epoch),
        `[${batch.map(({ item }) => item).join(",")}]`,
        runOf,
        JSON.stringify(runs),
      ],
    });
    for (const row of rows) {
      const result = CommitRow.parse(row);
      batch[result.ord]?.settle(result);
    }
    options.afterCommit(lane.workspaceId);
  }

  return { commit };
}

/** The runs of a batch, each once, and for each call which of them is its own, counted from one as the function counts. */
function runsOf(batch: readonly Waiting[]) {
  const places = new Map<string, number>();
  const runs: (RunKey & { readonly o: number })[] = [];
  const runOf = batch.map(({ run }) => {
    const key = JSON.stringify([run.agent_id, run.session, run.run]);
    const place = places.get(key) ?? runs.push({ ...run, o: runs.length + 1 });
    places.set(key, place);
    return place;
  });
  return { runOf, runs };
}

/** Without what is null: the function takes what is not there as null, and need not read it. */
function told(item: Record<string, unknown>): Record<string, unknown> {
  for (const key of Object.keys(item)) if (item[key] === null) item[key] = undefined;
  return item;
}

/** Whether the server was not reached or the session broke: trying the calls one by one would only wait longer. */
function isConnectionFault(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code === "" || code.startsWith("08") || code.startsWith("57") || code.startsWith("53") || code.startsWith("E");
}
