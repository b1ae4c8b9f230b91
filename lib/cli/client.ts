import { readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { env } from "@/lib/platform/env";

/** A command that could not do its work: `refused` ends with 1, `usage` with 2. */
export class CommandFailure extends Error {
  constructor(
    readonly kind: "refused" | "usage",
    message: string,
    readonly details: unknown = null,
  ) {
    super(message);
  }
}

const Problem = z.object({
  detail: z.string(),
  code: z.string(),
  faults: z.array(z.object({ path: z.string(), message: z.string(), line: z.number().optional() })).default([]),
});

type Request = {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly token?: string;
};

/**
 * Asks the server's public API: the command has no other way in.
 *
 * @throws {CommandFailure} with the server's own sentence and every fault
 */
export async function ask(
  target: string,
  { method = "GET", body, headers = {}, token = personalToken() }: Request = {},
): Promise<unknown> {
  const response = await send(target, { method, body, headers, token });
  const text = await response.text();
  if (response.ok) return text === "" ? null : JSON.parse(text);
  throw refusalOf(response.status, text);
}

/** Asks for a download and gives its pieces as they come. */
export async function download(target: string): Promise<AsyncIterable<Uint8Array>> {
  const response = await send(target, { token: personalToken() });
  if (!response.ok || !response.body) throw refusalOf(response.status, await response.text());
  return response.body;
}

async function send(target: string, { method, body, headers, token }: Request): Promise<Response> {
  const url = new URL(target, serverUrl());
  const isText = typeof body === "string";
  try {
    return await fetch(url, {
      ...(method !== undefined && { method }),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": isText ? "application/yaml" : "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new CommandFailure(
      "refused",
      `No server answers at ${url.origin}. Start it with \`npm start\`, or set INTERLOCK_URL.`,
      cause,
    );
  }
}

function refusalOf(status: number, text: string): CommandFailure {
  const problem = Problem.safeParse(safeJson(text));
  if (!problem.success) return new CommandFailure("refused", `The server answered ${status}.`);
  const { detail, faults } = problem.data;
  const lines = (faults.length > 1 ? faults : []).map(
    (fault) => `  ${fault.line ? `line ${fault.line}: ` : ""}${fault.path} ${fault.message}`,
  );
  // 400: what was typed is no value of its kind.
  return new CommandFailure(status === 400 ? "usage" : "refused", [detail, ...lines].join("\n"), problem.data);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The server: INTERLOCK_URL, else the one running from this data directory, else the default port. */
export function serverUrl(): string {
  if (env.INTERLOCK_URL) return env.INTERLOCK_URL;
  const local = z.object({ url: z.url() }).safeParse(safeJson(readDataFile("server.json") ?? ""));
  return local.success ? local.data.url : `http://localhost:${env.PORT}`;
}

function personalToken(): string {
  const token = env.INTERLOCK_TOKEN ?? readDataFile("token")?.trim();
  if (token) return token;
  throw new CommandFailure(
    "usage",
    "Set INTERLOCK_TOKEN to a personal token. Make one under Settings, or with `interlock token create`.",
  );
}

function readDataFile(name: string): string | null {
  try {
    return readFileSync(path.join(env.INTERLOCK_DATA_DIR, name), "utf8");
  } catch {
    return null;
  }
}
