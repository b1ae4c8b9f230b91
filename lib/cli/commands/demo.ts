import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import type { Command } from "commander";
import { z } from "zod";

import { ask, CommandFailure } from "../client";
import { AIRLINE_AGENT, AIRLINE_MANIFEST, AIRLINE_TASK, AIRLINE_TOOLS, isMutation } from "../demo/airline";
import { callsOf, isRecord, type RecordedCall, Recording } from "../demo/recording";
import { columns, print } from "../output";

const Registered = z.object({ key: z.string() }).loose();
const Members = z.object({ items: z.array(z.object({ email: z.string(), demo: z.boolean().default(false) }).loose()) });
const Answer = z.object({ verdict: z.enum(["allow", "require_approval", "recommend", "deny", "halt"]) }).loose();

type Tally = { readonly tool: string; allowed: number; held: number; denied: number };

/** `demo replay`: recorded sessions through the API, as a real client would send them. */
export function addDemoCommands(program: Command): void {
  program
    .command("demo")
    .description("demonstrations on real traffic")
    .command("replay <file>")
    .description("register an airline agent and send every call of recorded τ-bench sessions (.json or .json.gz)")
    .option("--dri <email>", "who answers for the agent")
    .option("--json")
    .action(async (file: string, options: { dri?: string; json?: boolean }) => {
      const sessions = callsOf(readRecording(file));
      const key = await agentKey(options.dri);
      const tallies = await replay(sessions, key);
      const total = sum(tallies);
      const rows = tallies.map((tally) => [
        tally.tool,
        String(tally.allowed),
        String(tally.held),
        String(tally.denied),
      ]);
      const table = columns([
        ["TOOL", "ALLOWED", "HELD", "DENIED"],
        ...rows,
        ["total", String(total.allowed), String(total.held), String(total.denied)],
      ]);
      const sentence = `${total.allowed + total.held + total.denied} calls of ${sessions.length} sessions: ${total.allowed} allowed, ${total.held} held for a person, ${total.denied} denied.`;
      print(options.json, { sessions: sessions.length, ...total, tools: tallies }, `${table}\n\n${sentence}`);
    });
}

function readRecording(file: string): z.infer<typeof Recording> {
  try {
    const bytes = readFileSync(file);
    const text =
      bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: 512 * 1024 * 1024 }) : bytes;
    return Recording.parse(JSON.parse(text.toString("utf8")));
  } catch (cause) {
    throw new CommandFailure(
      "usage",
      `${file} is not a recording of sessions: ${cause instanceof Error ? cause.message.split("\n", 1)[0] : "unreadable"}`,
      cause,
    );
  }
}

/** Registers the agent, or makes another key for it when an earlier replay did. */
async function agentKey(dri: string | undefined): Promise<string> {
  await ask("/api/v1/tools", { method: "POST", body: AIRLINE_TOOLS });
  const body = {
    id: AIRLINE_AGENT,
    task: AIRLINE_TASK,
    dri: dri ?? (await someone()),
    environment: "production",
    level: 3,
    manifest: AIRLINE_MANIFEST,
  };
  try {
    return Registered.parse(await ask("/api/v1/agents", { method: "POST", body })).key;
  } catch (error) {
    const known =
      error instanceof CommandFailure && isRecord(error.details) && error.details["code"] === "handle_taken";
    if (!known) throw error;
    return Registered.parse(await ask(`/api/v1/agents/${AIRLINE_AGENT}/credentials`, { method: "POST", body: {} })).key;
  }
}

/** A demo person if there is one: whoever answers for an agent may not approve its actions, and you may want to. */
async function someone(): Promise<string> {
  const { items } = Members.parse(await ask("/api/v1/members"));
  const member = items.find(({ demo }) => demo) ?? items[0];
  if (!member) throw new CommandFailure("refused", "The workspace has no members.");
  return member.email;
}

async function replay(sessions: readonly (readonly RecordedCall[])[], key: string): Promise<readonly Tally[]> {
  const tallies = new Map<string, Tally>();
  for (const [index, calls] of sessions.entries()) {
    for (const call of calls) {
      const tally = tallies.get(call.tool) ?? { tool: call.tool, allowed: 0, held: 0, denied: 0 };
      tallies.set(call.tool, tally);
      const verdict = await decide(call, key);
      if (verdict === "allow") tally.allowed += 1;
      else if (verdict === "require_approval" || verdict === "recommend") tally.held += 1;
      else tally.denied += 1;
    }
    if (process.stderr.isTTY) process.stderr.write(`\r${index + 1} of ${sessions.length} sessions`);
  }
  if (process.stderr.isTTY) process.stderr.write("\n");
  return [...tallies.values()].toSorted((a, b) => a.tool.localeCompare(b.tool, "en"));
}

async function decide(call: RecordedCall, key: string): Promise<z.infer<typeof Answer>["verdict"]> {
  const args = isRecord(call.args) ? call.args : {};
  const effect = isMutation(call.tool)
    ? { effect: { kind: "json", before: call.before, after: { ...call.before, ...args } } }
    : {};
  const body = {
    session_id: call.session,
    run_id: `${call.session}-1`,
    call_id: call.callId,
    tool: call.tool,
    args: call.args,
    ...effect,
  };
  const headers = { "idempotency-key": `${call.session}.${call.position}` };
  try {
    return Answer.parse(await ask("/api/v1/decisions", { method: "POST", body, headers, token: key })).verdict;
  } catch (error) {
    // A model sometimes writes arguments that are no object; the API refuses to read them, so they do not run either.
    if (error instanceof CommandFailure && isRecord(error.details) && error.details["code"] === "invalid_input")
      return "deny";
    throw error;
  }
}

function sum(tallies: readonly Tally[]): { allowed: number; held: number; denied: number } {
  return tallies.reduce(
    (total, { allowed, held, denied }) => ({
      allowed: total.allowed + allowed,
      held: total.held + held,
      denied: total.denied + denied,
    }),
    { allowed: 0, held: 0, denied: 0 },
  );
}
