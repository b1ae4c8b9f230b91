import { z } from "zod";

import { readTraceParent } from "./traceparent";

/** What is looked for, as an address has it; empty for nothing. */
export const FindQuery = z.object({ id: z.string().trim().max(300).catch("") });

/** What somebody looks for: an id as it was pasted, or a run's name. */
export type Sought = {
  readonly kind: "trace" | "span" | "decision" | "run";
  /** Ids in lower case and without what was around them. */
  readonly value: string;
};

const TRACE = /^[0-9a-f]{32}$/;
const SPAN = /^[0-9a-f]{16}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Reads what was pasted: a trace id, a `traceparent`, a span id, a decision's id, else a run's name. Null for nothing. */
export function readSought(text: string): Sought | null {
  const pasted = text.trim().replace(/^(["'`])(.*)\1$/s, "$2");
  if (pasted === "") return null;
  const id = pasted.toLowerCase();
  const parent = readTraceParent(id);
  if (parent !== null) return { kind: "trace", value: parent.traceId };
  if (TRACE.test(id)) return { kind: "trace", value: id };
  if (SPAN.test(id)) return { kind: "span", value: id };
  if (UUID.test(id)) return { kind: "decision", value: id };
  return { kind: "run", value: pasted };
}
