import "server-only";

import type { AskedCall, CallStanding, Judgement } from "@/lib/core/decisions/batch";
import { judge, NEEDS_HISTORY } from "@/lib/core/decisions/judge";
import type { HistoryFacts } from "@/lib/core/decisions/schema";
import { WorkspaceId } from "@/lib/core/shared/brand";

import { questionsOf, type Wanted } from "./batch-questions";
import { batchOf, type OpenBatch, type OpenedRow, type Place, placesIn } from "./batch-standing";
import { BATCH_OPEN, BATCH_WRITE } from "./batch-wire";
import { begin, commit, type Writer } from "./decision-writers";
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

/** Makes the rows and answers of a judged batch. Pure work: the locks are held meanwhile. */
export type RecordBatch<C, A> = (
  workspaceId: WorkspaceId,
  batch: OpenBatch,
  calls: readonly JudgedCall<C>[],
) => Recorded<A>;

/** Whose calls a batch holds, and how they are recorded. */
export type Lane<C, A> = {
  readonly workspaceId: WorkspaceId;
  readonly epoch: bigint;
  readonly record: RecordBatch<C, A>;
};

/** A call of a batch, and who is told what became of it. */
export type Waiting<C, A> = {
  readonly submission: Submission<C>;
  readonly settle: (fate: Fate<A>) => void;
};

/** Thrown when a call could not be made durable. The only safe answer is deny. */
export class CannotRecord extends Error {
  override readonly name = "CannotRecord";
}

/** A connection that broke before anything was sent to be written: nothing happened, so the batch may be tried again. */
export class NothingSent extends Error {
  override readonly name = "NothingSent";
}

/** Our own work on a batch failed, on a connection that is well: what its other calls come to is another question. */
class CannotJudge extends Error {
  override readonly name = "CannotJudge";
}

/**
 * Judges and records calls of one workspace as one transaction on one connection, and settles each. Rejects with nothing
 * written, except where only the answer to its COMMIT was lost.
 */
export async function runBatch<C, A>(
  writer: Writer,
  lane: Lane<C, A>,
  waiting: readonly Waiting<C, A>[],
): Promise<void> {
  const wanted = waiting.map(({ submission }) => submission.wanted);
  const { questions, query } = ownWork(() => {
    const questions = questionsOf(lane.workspaceId, lane.epoch, wanted);
    return { questions, query: BATCH_OPEN.query(questions.values) };
  });
  const { row, batch } = await open(writer, query);
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
async function open(
  writer: Writer,
  query: ReturnType<typeof BATCH_OPEN.query>,
): Promise<{ row: OpenedRow; batch: OpenBatch | null }> {
  try {
    const row: OpenedRow = (await begin(writer, query)).rows[0];
    return { row, batch: batchOf(row) };
  } catch (error) {
    throw isConnectionFault(error) ? new NothingSent("the connection broke", { cause: error }) : error;
  }
}

async function judgedCall<C>(
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
  const judgement = ownWork(() => judge(asked, standing, batch));
  if (judgement !== NEEDS_HISTORY) return { submission, standing, judgement };
  const history = await historyFor(writer, given.workspaceId, submission);
  const informed = ownWork(() => judge({ ...asked, facts: { ...asked.facts, history } }, standing, batch));
  if (informed === NEEDS_HISTORY) throw new CannotJudge("the agent's history could not be read");
  return { submission, standing, judgement: informed };
}

async function historyFor<C>(
  writer: Writer,
  workspaceId: WorkspaceId,
  { wanted, target }: Submission<C>,
): Promise<HistoryFacts> {
  const asked = { agentId: wanted.agentId, tool: wanted.tool, target };
  const [history] = await historiesOf((query) => writer.query(query), workspaceId, [asked]);
  if (history === undefined) throw new CannotJudge("the agent's history could not be read");
  return history;
}

async function write<C, A>(
  writer: Writer,
  { lane, batch, judged }: { lane: Lane<C, A>; batch: OpenBatch; judged: readonly JudgedCall<C>[] },
): Promise<readonly A[]> {
  const { query, answers } = ownWork(() => {
    const { values, answers } = lane.record(lane.workspaceId, batch, judged);
    const about = { p_workspace: lane.workspaceId, p_moment: batch.moment, p_today: batch.today };
    return { query: BATCH_WRITE.query({ ...values, ...about }), answers };
  });
  if (!(await commit(writer, query))) throw new CannotRecord("the transaction was rolled back");
  return answers;
}

const NO_WORKSPACE = WorkspaceId.parse("00000000-0000-0000-0000-000000000000");

/** Prepares what a connection's first batch will need, without a call: nothing is locked and nothing written. */
export async function tryOpening(writer: Writer): Promise<void> {
  const nothing = questionsOf(NO_WORKSPACE, 0n, []);
  await Promise.all([writer.query("BEGIN"), writer.query(BATCH_OPEN.query(nothing.values)), writer.query("ROLLBACK")]);
}

function ownWork<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new CannotJudge("our own work on a batch failed", { cause: error });
  }
}

/** Whether the server was not reached or the session broke: trying the calls one by one would only wait longer. */
export function isConnectionFault(error: unknown): boolean {
  if (error instanceof CannotJudge) return false;
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
