import { FIELD } from "./alias-index";
import type { Json } from "@/lib/core/shared/json";

import type { EventEvaluation } from "./event";
import { numberOf } from "./figures";
import { TRACE_LIMITS } from "./limits";
import type { OtlpSpanEvent } from "./otlp";
import type { Reading } from "./reading";

const RESULT = "gen_ai.evaluation.result";
const PREFIXES = ["evaluations.", "annotations."];
/** What a judge scores one thing by; nobody has as many. */
const MOST = 100;

/** The scores an event carries: its own, those of its events, and OpenInference's numbered ones. */
export function evaluationsOf(reading: Reading, events: readonly OtlpSpanEvent[]): readonly EventEvaluation[] {
  const found: EventEvaluation[] = [];
  const own = reading.text(FIELD.evaluationName);
  if (own !== null) found.push(evaluation(own, reading.get(FIELD.evaluationScore), reading.get(FIELD.evaluationLabel)));
  for (const { name, attributes } of events) {
    if (name !== RESULT) continue;
    const named = attributes.get("gen_ai.evaluation.name");
    if (typeof named !== "string") continue;
    const [score, label] = ["gen_ai.evaluation.score.value", "gen_ai.evaluation.score.label"];
    found.push(evaluation(named, attributes.get(score), attributes.get(label)));
  }
  if (reading.indexed.length > 0) found.push(...numbered(reading));
  return found.length === 0 ? NONE : found.slice(0, MOST);
}

const NONE: readonly EventEvaluation[] = Object.freeze([]);

function evaluation(name: string, score: Json | undefined, label: Json | undefined): EventEvaluation {
  const number = numberOf(score);
  return {
    name,
    score: number !== null && Number.isFinite(number) ? number : null,
    label: typeof label === "string" ? label : null,
  };
}

/** `evaluations.N.evaluation.score` and its neighbours. */
function numbered(reading: Reading): EventEvaluation[] {
  const parts = new Map<string, { name?: Json; score?: Json; label?: Json }>();
  for (const { key, value } of reading.indexed) {
    const prefix = PREFIXES.find((candidate) => key.startsWith(candidate));
    if (prefix === undefined) continue;
    const dot = key.indexOf(".", prefix.length);
    const slot = key.slice(0, dot);
    if (!(Number(slot.slice(prefix.length)) < TRACE_LIMITS.slots)) continue;
    const part = parts.get(slot) ?? {};
    parts.set(slot, part);
    const name = key.slice(key.lastIndexOf(".") + 1);
    if (name === "name" || name === "score" || name === "label") part[name] = value;
  }
  return [...parts.values()].flatMap(({ name, score, label }) =>
    typeof name === "string" ? [evaluation(name, score, label)] : [],
  );
}
