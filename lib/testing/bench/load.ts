import http from "node:http";

/** Where calls go, and with which key. */
export type Target = { readonly url: string; readonly key: string };

/** What a load saw: latencies of all calls in milliseconds, and how many were not answered as asked for. */
export type Measured = {
  readonly latencies: readonly number[];
  readonly wrong: number;
  readonly seconds: number;
  /** How many calls were allowed, and how many wait for a person. */
  readonly allowed: number;
  readonly asked: number;
};

type Check = (status: number, text: string) => boolean;
type Answer = { readonly status: number; readonly text: string };
/** A connection that broke: the caller waited, and nothing came. */
const NO_ANSWER: Answer = { status: 0, text: "" };
/** How long a closed loop runs: a time, or a number of calls. */
type Until = { readonly seconds: number } | { readonly calls: number };

/** Decisions answer within 1.5 seconds or say that they cannot; more is an overrun. */
const DEADLINE_MS = 1_500;
/** With so many calls unanswered the open loop gives up sending: the server is far behind, and memory is not endless. */
const MOST_WAITING = 5_000;

const agents = new Map<string, http.Agent>();

function agentOf(url: string): http.Agent {
  const agent = agents.get(url) ?? new http.Agent({ keepAlive: true, maxSockets: 512 });
  agents.set(url, agent);
  return agent;
}

/** One request on a kept connection. */
export function post({ url, key }: Target, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      new URL("/api/v1/decisions", url),
      {
        method: "POST",
        agent: agentOf(url),
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => (text += piece));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

function createTally(check: Check) {
  const latencies: number[] = [];
  const count = { wrong: 0, allowed: 0, asked: 0 };
  return {
    latencies,
    count,
    add(latency: number, { status, text }: Answer) {
      latencies.push(latency);
      if (!check(status, text)) count.wrong += 1;
      if (text.includes('"verdict":"allow"')) count.allowed += 1;
      if (text.includes('"verdict":"require_approval"')) count.asked += 1;
    },
  };
}

/** Closed loop: `inFlight` clients, each sending its next call when the last is answered. */
export async function closedLoop(
  targets: readonly Target[],
  call: () => string,
  { inFlight, until, check }: { readonly inFlight: number; readonly until: Until; readonly check: Check },
): Promise<Measured> {
  const { latencies, count, add } = createTally(check);
  const started = performance.now();
  const end = "seconds" in until ? started + until.seconds * 1_000 : Number.POSITIVE_INFINITY;
  let left = "calls" in until ? until.calls : Number.POSITIVE_INFINITY;
  const client = async (target: Target) => {
    while (left > 0 && performance.now() < end) {
      left -= 1;
      const at = performance.now();
      const answer = await post(target, call()).catch(() => NO_ANSWER);
      add(performance.now() - at, answer);
    }
  };
  await Promise.all(
    Array.from({ length: inFlight }, (_, each) => client(targets[each % targets.length] ?? { url: "", key: "" })),
  );
  return { latencies, ...count, seconds: (performance.now() - started) / 1_000 };
}

/** What the open loop adds: calls over the deadline, calls never sent, and how late each call left. */
export type Paced = Measured & {
  readonly overruns: number;
  readonly unsent: number;
  readonly lateness: readonly number[];
};

/** Open loop: calls leave by the clock whatever the answers do, and latency counts from the scheduled start. */
export async function openLoop(
  target: Target,
  call: (index: number) => string,
  perSecond: number,
  seconds: number,
  check: Check,
): Promise<Paced> {
  const { latencies, count, add } = createTally(check);
  const lateness: number[] = [];
  const pending = new Set<Promise<void>>();
  let overruns = 0;
  let unsent = 0;
  const started = performance.now();
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const due = started + (index * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0.5) await new Promise((resolve) => setTimeout(resolve, wait));
    if (pending.size >= MOST_WAITING) {
      unsent += 1;
      // Answers arrive only when this loop rests.
      if (unsent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    lateness.push(performance.now() - due);
    const sent: Promise<void> = post(target, call(index))
      .catch(() => NO_ANSWER)
      .then((answer) => {
        const latency = performance.now() - due;
        add(latency, answer);
        if (latency > DEADLINE_MS) overruns += 1;
      })
      .finally(() => pending.delete(sent));
    pending.add(sent);
  }
  await Promise.all(pending);
  return { latencies, ...count, overruns, unsent, lateness, seconds: (performance.now() - started) / 1_000 };
}
