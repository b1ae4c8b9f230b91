import { createHash } from "node:crypto";

import { z } from "zod";

const ToolCall = z.object({
  id: z.string().optional(),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

const Message = z.object({
  role: z.string(),
  content: z.string().nullish(),
  tool_calls: z.array(ToolCall).nullish(),
  tool_call_id: z.string().optional(),
});

/** Recorded sessions in the τ-bench format: messages with tool calls and their results. */
export const Recording = z.array(
  z.object({
    task_id: z.union([z.int(), z.string()]),
    trial: z.union([z.int(), z.string()]).default(0),
    traj: z.array(Message),
  }),
);

/** One call of a recorded session, with what the agent had seen of the thing it changes. */
export type RecordedCall = {
  readonly session: string;
  /** Its place in the session, from 1: recorded call ids repeat. */
  readonly position: number;
  readonly callId: string;
  readonly tool: string;
  readonly args: unknown;
  /** What earlier reads of the same reservation returned, for the effect's "before". */
  readonly before: Record<string, unknown> | null;
};

/** The calls of each session, in order. Arguments that are not a JSON object are passed on as they are. */
export function callsOf(recording: z.infer<typeof Recording>): readonly (readonly RecordedCall[])[] {
  return recording.map(({ task_id, trial, traj }) => {
    // Recordings reuse their numbers; the content tells two sessions of one number apart.
    const mark = createHash("sha256").update(JSON.stringify(traj)).digest("hex").slice(0, 6);
    const session = `task-${task_id}-trial-${trial}-${mark}`;
    const seen = new Map<string, Record<string, unknown>>();
    const asked = new Map<string, string>();
    const calls: RecordedCall[] = [];
    for (const message of traj) {
      for (const call of message.tool_calls ?? []) {
        const args = parsed(call.function.arguments);
        const subject = subjectOf(args);
        if (call.id && subject) asked.set(call.id, subject);
        const before = subject ? (seen.get(subject) ?? null) : null;
        const position = calls.length + 1;
        calls.push({
          session,
          position,
          callId: call.id ?? `call-${position}`,
          tool: call.function.name,
          args,
          before,
        });
      }
      const subject = message.role === "tool" && message.tool_call_id ? asked.get(message.tool_call_id) : undefined;
      const result = subject ? parsed(message.content ?? "") : null;
      if (subject && isRecord(result)) seen.set(subject, result);
    }
    return calls;
  });
}

const subjectOf = (args: unknown): string | undefined =>
  isRecord(args) && typeof args["reservation_id"] === "string" ? args["reservation_id"] : undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
