import http from "node:http";
import { createHmac } from "node:crypto";

import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

import type { Outside } from "@/lib/services/notifications/outside";

/** A request as it arrived. */
export type Received = {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly at: number;
};

export type Receiver = {
  readonly url: string;
  readonly received: Received[];
  stop(): Promise<void>;
};

type Answering = (request: Received, response: http.ServerResponse) => void;

/** A local HTTP server that remembers what it was sent. */
export async function startReceiver(
  answer: Answering = (_request, response) => response.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const one = { path: request.url ?? "/", headers, body, at: Date.now() };
      received.push(one);
      answer(one, response);
    });
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listening(server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null && "port" in address ? Number(address.port) : 0);
    });
  });
}

export type Mailbox = {
  readonly url: string;
  readonly mails: { readonly to: readonly string[]; readonly mail: Email }[];
  stop(): Promise<void>;
};

/** A local mail server that keeps what it is handed. */
export async function startMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: { to: readonly string[]; mail: Email }[] = [];
  const keep = async (to: readonly string[], raw: Buffer) => void mails.push({ to, mail: await PostalMime.parse(raw) });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        await keep(
          session.envelope.rcptTo.map(({ address }) => address),
          Buffer.concat(chunks),
        );
        done();
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  const port = await new Promise<number>((resolve) => {
    const inner = server.listen(0, "127.0.0.1", () => {
      const address = inner.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A message in the pretended Slack. */
export type SlackPost = {
  readonly channel: string;
  readonly ts: string;
  text: string;
  blocks: unknown[];
  edits: number;
};

export type FakeSlack = Receiver & {
  readonly posts: SlackPost[];
  readonly whispers: { readonly user: string; readonly text: string }[];
  /** Answers the next call with 429. */
  limitOnce(seconds: number): void;
  /** Headers and body of a request as Slack signs it. */
  signed(body: string, secret: string, at?: Date): { headers: Record<string, string>; body: string };
};

/** Slack's API as far as it is documented for these methods: bearer token, JSON in and out, `ok`, 429 with Retry-After. */
export async function startSlack(token: string): Promise<FakeSlack> {
  const posts: SlackPost[] = [];
  const whispers: { user: string; text: string }[] = [];
  let limited: number | null = null;
  const receiver = await startReceiver(({ path, headers, body }, response) => {
    const reply = (value: object, status = 200, more = {}) =>
      response.writeHead(status, { "content-type": "application/json", ...more }).end(JSON.stringify(value));
    if (limited !== null) {
      reply({ ok: false, error: "ratelimited" }, 429, { "retry-after": String(limited) });
      limited = null;
      return;
    }
    if (headers["authorization"] !== `Bearer ${token}`) return void reply({ ok: false, error: "invalid_auth" });
    const given = JSON.parse(body) as { channel: string; ts?: string; text: string; blocks?: unknown[]; user?: string };
    if (path === "/chat.postMessage") {
      if (given.channel === "C0000000GONE") return void reply({ ok: false, error: "channel_not_found" });
      const post = {
        channel: given.channel,
        ts: `1700000000.${String(posts.length).padStart(6, "0")}`,
        text: given.text,
        blocks: given.blocks ?? [],
        edits: 0,
      };
      posts.push(post);
      return void reply({ ok: true, channel: post.channel, ts: post.ts });
    }
    if (path === "/chat.postEphemeral") {
      whispers.push({ user: given.user ?? "", text: given.text });
      return void reply({ ok: true, message_ts: "1.1" });
    }
    const post = posts.find((one) => one.channel === given.channel && one.ts === given.ts);
    if (path !== "/chat.update" || !post) return void reply({ ok: false, error: "message_not_found" });
    Object.assign(post, { text: given.text, blocks: given.blocks ?? [], edits: post.edits + 1 });
    reply({ ok: true, channel: post.channel, ts: post.ts });
  });
  return {
    ...receiver,
    posts,
    whispers,
    limitOnce(seconds) {
      limited = seconds;
    },
    signed(body, secret, at = new Date()) {
      const timestamp = String(Math.floor(at.getTime() / 1_000));
      const signature = `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
      const type = "application/x-www-form-urlencoded";
      return {
        headers: { "content-type": type, "x-slack-request-timestamp": timestamp, "x-slack-signature": signature },
        body,
      };
    },
  };
}

/** A world outside that is all on this machine. */
export function worldOf(change: Partial<Outside> = {}): Outside {
  return {
    allowPrivate: true,
    mail: null,
    slackUrl: "http://127.0.0.1:9",
    origin: "http://interlock.test",
    timeoutMs: 1_500,
    ...change,
  };
}
