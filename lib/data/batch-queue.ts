import "server-only";

import { type AskedCall, type CallStanding, type Judgement } from "@/lib/core/decisions/batch";
import { judge, NEEDS_HISTORY } from "@/lib/core/decisions/judge";
import type { HistoryFacts } from "@/lib/core/decisions/schema";
import { WorkspaceId } from "@/lib/core/shared/brand";

import { type Questions, questionsOf, type Wanted } from "./batch-questions";
import { batchOf, type OpenBatch, type OpenedRow, type Place, placesIn } from "./batch-standing";
import { BATCH_OPEN, BATCH_WRITE } from "./batch-wire";
import type { DecisionWriters, Writer } from "./decision-writers";
import { historiesOf } from "./tool-history";
import type { Values } from "./wire";

/** A call on its way into a batch, with whatever its caller needs to record it. */
export type Submission<C> = {
  readonly wanted: Wanted;
  readonly asked: AskedCall;
  /** The digest of whom or what the call acts on, for the agent's history; null when it does not say. */
  readonly target: string | null;
  readonly context: C;
};

/** A call that was judged under the locks. */
export type JudgedCall<C> = {
  readonly submission: Submission<C>;
  readonly standing: CallStanding;
  readonly judgement: Judgement;
};

/** What became of one call. `judged` is durable; the others wrote nothing, and `stale` wants a new evaluation. */
export type Fate<A> = { readonly status: "judged"; readonly answer: A } | Exclude<Place, { readonly status: "open" }>;

/** What a batch writes, but for the moment it carries, and the answer to each of its calls. */
export type Recorded<A> = {
  readonly values: Omit<Values<typeof BATCH_WRITE.signature>, "p_workspace" | "p_moment" | "p_today">;
  readonly answers: readonly A[];
};

type Waiting<C, A> = {
  readonly submission: Submission<C>;
  readonly settle: (fate: Fate<A>) => void;
  readonly fail: (error: unknown) => void;
};

type Lane<C, A> = { readonly workspaceId: WorkspaceId; readonly epoch: bigint; readonly waiting: Waiting<C, A>[] };

const MAX_BATCH = 200;
/** Beyond this many unanswered calls a new one is refused at once: a queue that cannot drain must not grow. */
const MAX_WAITING = 5_000;

/** Thrown when a call could not be made durable. The only safe answer is deny. */
export class CannotRecord extends Error {
  override readonly name = "CannotRecord";
}

/** A connection that broke before anything was sent to be written: nothing happened, so the batch may be tried again. */
class NothingSent extends Error {
  override readonly name = "NothingSent";
}

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
    /** Makes the rows and answers of a judged batch. Pure work: the locks are held meanwhile. */
    readonly record: (workspaceId: WorkspaceId, batch: OpenBatch, calls: readonly JudgedCall<C>[]) => Recorded<A>;
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
      lane.waiting.push({ submission, settle: (fate) => once(() => resolve(fate)), fail });
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
  async function attempt(lane: Lane<C, A>, batch: readonly Waiting<C, A>[]): Promise<void> {
    try {
      await writers
        .use((writer) => together(writer, lane, batch))
        .catch((error: unknown) => {
          if (error instanceof NothingSent) return writers.use((writer) => together(writer, lane, batch));
          throw error;
        });
    } catch (error) {
      if (batch.length === 1 || isConnectionFault(error)) for (const { fail } of batch) fail(error);
      else for (const one of batch) await writers.use((writer) => together(writer, lane, [one])).catch(one.fail);
    }
  }

  async function together(writer: Writer, lane: Lane<C, A>, waiting: readonly Waiting<C, A>[]): Promise<void> {
    const questions = questionsOf(
      lane.workspaceId,
      lane.epoch,
      waiting.map(({ submission }) => submission.wanted),
    );
    const { row, batch } = await open(writer, questions);
    const place = placesIn(row, questions);
    const fates: (Fate<A> | null)[] = [];
    const judged: JudgedCall<C>[] = [];
    for (const [index, { submission }] of waiting.entries()) {
      const found = place(submission.wanted, index);
      fates.push(found.status === "open" ? null : found);
      if (found.status !== "open" || batch === null) continue;
      judged.push(
        await judgedCall(writer, { batch, submission, standing: found.standing, workspaceId: lane.workspaceId }),
      );
    }
    const answers = batch === null || judged.length === 0 ? [] : await write(writer, { lane, batch, judged });
    if (judged.length === 0) await writer.query("COMMIT");
    let next = 0;
    for (const [index, fate] of fates.entries()) {
      if (fate !== null) waiting[index]?.settle(fate);
      else {
        const answer = answers[next++];
        if (answer !== undefined) waiting[index]?.settle({ status: "judged", answer });
      }
    }
  }

  /** What was sent here is only locks and look-ups, so a connection that breaks meanwhile has written nothing. */
  async function open(writer: Writer, questions: Questions): Promise<{ row: OpenedRow; batch: OpenBatch | null }> {
    try {
      const [, opened] = await Promise.all([writer.query("BEGIN"), writer.query(BATCH_OPEN.query(questions.values))]);
      const row: OpenedRow = opened.rows[0];
      return { row, batch: batchOf(row) };
    } catch (error) {
      throw isConnectionFault(error) ? new NothingSent("the connection broke", { cause: error }) : error;
    }
  }

  async function judgedCall(
    writer: Writer,
    given: {
      readonly batch: OpenBatch;
      readonly submission: Submission<C>;
      readonly standing: CallStanding;
      readonly workspaceId: WorkspaceId;
    },
  ): Promise<JudgedCall<C>> {
    const { batch, submission, standing } = given;
    const { asked } = submission;
    const judgement = judge(asked, standing, batch);
    if (judgement !== NEEDS_HISTORY) return { submission, standing, judgement };
    const history = await historyFor(writer, given.workspaceId, submission);
    const informed = judge({ ...asked, facts: { ...asked.facts, history } }, standing, batch);
    if (informed === NEEDS_HISTORY) throw new CannotRecord("the agent's history could not be read");
    return { submission, standing, judgement: informed };
  }

  async function historyFor(
    writer: Writer,
    workspaceId: WorkspaceId,
    { wanted, target }: Submission<C>,
  ): Promise<HistoryFacts> {
    const asked = { agentId: wanted.agentId, tool: wanted.tool, target };
    const [history] = await historiesOf((query) => writer.query(query), workspaceId, [asked]);
    if (history === undefined) throw new CannotRecord("the agent's history could not be read");
    return history;
  }

  async function write(
    writer: Writer,
    { lane, batch, judged }: { lane: Lane<C, A>; batch: OpenBatch; judged: readonly JudgedCall<C>[] },
  ): Promise<readonly A[]> {
    const { values, answers } = options.record(lane.workspaceId, batch, judged);
    const query = BATCH_WRITE.query({
      ...values,
      p_workspace: lane.workspaceId,
      p_moment: batch.moment,
      p_today: batch.today,
    });
    const [, committed] = await Promise.all([writer.query(query), writer.query("COMMIT")]);
    // A transaction that failed answers COMMIT with ROLLBACK, without an error.
    if (committed.command !== "COMMIT") throw new CannotRecord("the transaction was rolled back");
    return answers;
  }

  return { submit };
}

const NO_WORKSPACE = WorkspaceId.parse("00000000-0000-0000-0000-000000000000");

/** Prepares what a connection's first batch will need, without a call: nothing is locked and nothing written. */
export async function tryOpening(writer: Writer): Promise<void> {
  const nothing = questionsOf(NO_WORKSPACE, 0n, []);
  await Promise.all([writer.query("BEGIN"), writer.query(BATCH_OPEN.query(nothing.values)), writer.query("ROLLBACK")]);
}

/** Whether the server was not reached or the session broke: trying the calls one by one would only wait longer. */
function isConnectionFault(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return (
    code === "" ||
    code === "25P03" ||
    code.startsWith("08") ||
    code.startsWith("57") ||
    code.startsWith("53") ||
    code.startsWith("E")
  );
}
