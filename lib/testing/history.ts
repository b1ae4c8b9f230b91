import { setTimeout as sleep } from "node:timers/promises";

import { type Answered, send } from "./client";

/** One request as its client saw it. Times are the client's, in milliseconds; no status means that no answer came. */
export type Sent = {
  readonly method: string;
  readonly target: string;
  readonly token: string;
  readonly key: string | null;
  readonly body: unknown;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number | null;
  readonly answer: Readonly<Record<string, unknown>>;
};

type Options = NonNullable<Parameters<typeof send>[4]>;

/** A client that remembers everything it asked and was told, for the invariants to be held against. */
export type History = {
  readonly sent: readonly Sent[];
  /** As `send` of `client.ts`. @throws when no answer comes, which is remembered too */
  ask(url: string, target: string, token: string, body?: unknown, options?: Options): Promise<Answered>;
  /** As `ask`, again and again while the server says 503, as a client should. Only for what may be repeated. */
  insist(url: string, target: string, token: string, body?: unknown, options?: Options): Promise<Answered>;
};

const TRIES = 50;
const PAUSE_MS = 50;

export function createHistory(): History {
  const sent: Sent[] = [];

  const ask: History["ask"] = async (url, target, token, body, options = {}) => {
    const method = options.method ?? (body === undefined ? "GET" : "POST");
    const key = options.headers?.["idempotency-key"] ?? null;
    const asked = { method, target, token, key, body, startedAt: performance.now() };
    try {
      const { status, body: answer } = await send(url, target, token, body, options);
      sent.push({ ...asked, endedAt: performance.now(), status, answer });
      return { status, body: answer };
    } catch (error) {
      sent.push({ ...asked, endedAt: performance.now(), status: null, answer: {} });
      throw error;
    }
  };

  const insist: History["insist"] = async (url, target, token, body, options) => {
    let answer = await ask(url, target, token, body, options);
    for (let tries = 1; answer.status === 503 && tries < TRIES; tries += 1) {
      await sleep(PAUSE_MS);
      answer = await ask(url, target, token, body, options);
    }
    return answer;
  };

  return { sent, ask, insist };
}
