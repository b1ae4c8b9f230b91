import { setTimeout as sleep } from "node:timers/promises";

import { givenOperator, send } from "@/lib/testing/client";

import { figure, whole } from "./format";
import { post } from "./load";
import type { Meter } from "./meter";
import type { Outcome } from "./requirements";
import type { Servers } from "./servers";
import { createCalls, prepareGround, type Stage } from "./stage";
import { quantile } from "./statistics";

export type StopsPart = {
  readonly stops: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** Calls that were sent after a stop was answered and were allowed all the same. */
  readonly sentLate: number;
  /** Allows that the database did not yet have just after the answer, and had before the stop was lifted. */
  readonly committedLate: number;
  /** Calls allowed between the stops, so that a quiet server is not taken for a safe one. */
  readonly allowed: number;
};

const CALLERS = 16;
const BETWEEN_MS = 100;
const STOPPED_MS = 100;

/** Stops a workspace again and again while callers on two processes keep asking. */
export async function stops(stage: Stage, servers: Servers): Promise<Outcome<StopsPart>> {
  const { options, meter, print } = stage;
  const rounds = options.quick ? 10 : 100;
  print(`Stop under load: ${rounds} stops of a workspace, ${CALLERS} callers on two processes`);
  const urls = [(await servers.first()).url, (await servers.second()).url];
  const url = urls[0] ?? "";
  const { admin, workspaceId, keys } = await prepareGround(url);
  const second = await givenOperator(url, admin);

  let isRunning = true;
  let stoppedSince = Number.POSITIVE_INFINITY;
  let sentLate = 0;
  let allowed = 0;
  const calls = createCalls();
  const load = Array.from({ length: CALLERS }, async (_, each) => {
    while (isRunning) {
      const at = performance.now();
      const { text } = await post({ url: urls[each % 2] ?? "", key: keys.plain }, calls());
      if (!text.includes('"verdict":"allow"')) continue;
      allowed += 1;
      if (at > stoppedSince) sentLate += 1;
    }
  });

  const took: number[] = [];
  let committedLate = 0;
  try {
    for (let round = 0; round < rounds; round += 1) {
      await sleep(BETWEEN_MS);
      const at = performance.now();
      const stop = { scope: "workspace", reason: "benchmark" };
      const { status, body } = await send(urls[round % 2] ?? "", "/api/v1/stops", admin, stop);
      const answeredAt = performance.now();
      if (status !== 201) throw new Error(`a stop was answered with ${status}: ${JSON.stringify(body)}`);
      took.push(answeredAt - at);
      stoppedSince = answeredAt;
      const before = await allowsIn(meter, workspaceId);
      await sleep(STOPPED_MS);
      committedLate += (await allowsIn(meter, workspaceId)) - before;
      stoppedSince = Number.POSITIVE_INFINITY;
      await lift(url, [admin, second], String(body["stop_id"]));
    }
  } finally {
    isRunning = false;
    await Promise.all(load);
  }
  if (allowed === 0) throw new Error("no call was allowed between the stops");
  const figures = {
    stops: took.length,
    p50: quantile(took, 0.5),
    p99: quantile(took, 0.99),
    most: quantile(took, 1),
    sentLate,
    committedLate,
    allowed,
  };
  print(
    `  A stop is answered after p50 ${figure(figures.p50)} ms, p99 ${figure(figures.p99)} ms, max ${figure(figures.most)} ms.`,
  );
  print(
    `  After the answer: ${sentLate} calls were sent and allowed, ${committedLate} allows were committed; ${whole(allowed)} allowed between the stops.`,
  );
  return { figures, values: { stopP99: figures.p99, late: sentLate + committedLate } };
}

async function allowsIn(meter: Meter, workspaceId: string): Promise<number> {
  const [row] = await meter.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM decisions WHERE workspace_id = $1 AND verdict = 'allow'",
    [workspaceId],
  );
  return row?.count ?? 0;
}

/** Two people lift a stop; then everything runs as before. */
async function lift(url: string, tokens: readonly string[], stop: string): Promise<void> {
  const answers = [];
  for (const token of tokens)
    answers.push(await send(url, `/api/v1/stops/${stop}`, token, undefined, { method: "DELETE" }));
  answers.push(await send(url, "/api/v1/stops/recovery", tokens[0] ?? "", {}));
  const refused = answers.find(({ status }) => status >= 300);
  if (refused) throw new Error(`a stop was not lifted: ${refused.status} ${JSON.stringify(refused.body)}`);
}
