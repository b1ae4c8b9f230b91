import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";

import type { DecisionWriters } from "./decision-writers";
import {
  CannotRecord,
  type Fate,
  isConnectionFault,
  NothingSent,
  type RecordBatch,
  runBatch,
  type Submission,
  type Waiting as Settling,
} from "./run-batch";

type Waiting<C, A> = Settling<C, A> & {
  readonly fail: (error: unknown) => void;
  /** False once its caller was told that nothing was recorded: then nothing may be. */
  readonly isOpen: () => boolean;
};

type Lane<C, A> = { readonly workspaceId: WorkspaceId; readonly epoch: bigint; readonly waiting: Waiting<C, A>[] };

const MAX_BATCH = 200;
/** Beyond this many unanswered calls a new one is refused at once: a queue that cannot drain must not grow. */
const MAX_WAITING = 5_000;

/**
 * Group commit without a timer: what arrives while a workspace's batch is under way goes together in its next.
 *
 * A batch is one transaction on one connection, in two round trips: open (locks, and what stands) and write. Between them
 * the core judges each call in order of arrival. Calls of one workspace that saw the same epoch share a batch, and each
 * stands or falls alone: a batch that fails for a reason of its content is tried again call by call.
 */
export function createBatchQueue<C, A>(
  writers: DecisionWriters,
  options: {
    readonly deadlineMs: number;
    readonly record: RecordBatch<C, A>;
    readonly afterCommit: (workspaceId: WorkspaceId) => void;
  },
) {
  const lanes = new Map<string, Lane<C, A>>();
  /** Workspaces with a batch under way: a second one would only make both smaller. */
  const busy = new Set<WorkspaceId>();
  let unanswered = 0;

  function submit(workspaceId: WorkspaceId, epoch: bigint, submission: Submission<C>): Promise<Fate<A>> {
    if (unanswered >= MAX_WAITING) return Promise.reject(new CannotRecord("too many decisions are waiting"));
    return new Promise((resolve, reject) => {
      unanswered += 1;
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
      const timer = setTimeout(
        () => fail(new CannotRecord("the deadline passed before the decision was recorded")),
        options.deadlineMs,
      );
      const key = `${workspaceId} ${epoch}`;
      const lane = lanes.get(key) ?? { workspaceId, epoch, waiting: [] };
      lane.waiting.push({ submission, settle: (fate) => once(() => resolve(fate)), fail, isOpen: () => !answered });
      lanes.set(key, lane);
      // Calls that become ready in this turn of the loop share the batch.
      if (!busy.has(workspaceId) && writers.isFree()) queueMicrotask(pump);
    });
  }

  function pump(): void {
    while (writers.isFree()) {
      const next = [...lanes].find(([, lane]) => !busy.has(lane.workspaceId));
      if (next === undefined) return;
      const [key, lane] = next;
      const batch = lane.waiting.splice(0, MAX_BATCH);
      lanes.delete(key);
      if (lane.waiting.length > 0) lanes.set(key, lane); // to the back: no workspace waits for another's backlog
      busy.add(lane.workspaceId);
      void attempt(lane, batch)
        .then(() => options.afterCommit(lane.workspaceId))
        .finally(() => {
          busy.delete(lane.workspaceId);
          pump();
        });
    }
  }

  /** Never rejects: every call of the batch is settled or failed. */
  async function attempt({ workspaceId, epoch }: Lane<C, A>, calls: readonly Waiting<C, A>[]): Promise<void> {
    const run = async (calls: readonly Waiting<C, A>[]) => {
      const open = calls.filter(({ isOpen }) => isOpen());
      if (open.length === 0) return;
      await writers.use((writer) => runBatch(writer, { workspaceId, epoch, record: options.record }, open));
    };
    try {
      await run(calls).catch((error: unknown) => {
        if (error instanceof NothingSent) return run(calls);
        throw error;
      });
    } catch (error) {
      if (calls.length === 1 || isConnectionFault(error)) for (const { fail } of calls) fail(error);
      else for (const one of calls) await run([one]).catch(one.fail);
    }
  }

  return { submit };
}
