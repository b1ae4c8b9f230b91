import { FIELD } from "./alias-index";
import type { AgentEvent, EventOutcome, EventPolicy } from "./event";
import { EVENT_OUTCOMES } from "./event";
import type { OtlpSpanEvent } from "./otlp";
import type { Reading } from "./reading";

type EventError = NonNullable<AgentEvent["error"]>;
type Judged = Pick<AgentEvent, "outcome" | "outcomeSource" | "error">;

const ERROR_STATUS = 2;
const EXCEPTION_EVENTS = new Set(["exception", "gen_ai.client.operation.exception"]);
const FAILURES = new Set(["error", "failure", "failed", "false", "timeout", "exception"]);
const SUCCESSES = new Set(["ok", "success", "succeeded", "true", "completed"]);
const LONGEST_TYPE = 200;

/** How it ended: what is said outright, else what errors and policies imply. */
export function outcomeOf(
  reading: Reading,
  events: readonly OtlpSpanEvent[],
  status: { readonly code: number; readonly message: string },
  policy: EventPolicy | null,
): Judged {
  const said = (reading.text(FIELD.status) ?? "").toLowerCase();
  const error = errorOf(reading, events, status, FAILURES.has(said));
  const explicit =
    explicitOf(reading.text(FIELD.outcome)) ?? explicitOf(said) ?? (SUCCESSES.has(said) ? "success" : null);
  if (explicit !== null) return { outcome: explicit, outcomeSource: "explicit", error };
  return { outcome: derived(error, policy), outcomeSource: "derived", error };
}

function derived(error: EventError | null, policy: EventPolicy | null): EventOutcome | null {
  if (policy?.decision === "require_approval") return "human_review_required";
  if (error === null) return "success";
  return isValidationError(error.type) ? "failed_validation" : null;
}

function explicitOf(text: string | null): EventOutcome | null {
  return EVENT_OUTCOMES.find((outcome) => outcome === text?.toLowerCase()) ?? null;
}

function isValidationError(type: string): boolean {
  const lower = type.toLowerCase();
  return lower.includes("validation") || lower.includes("schema") || lower.includes("invalid_tool_input");
}

function errorOf(
  reading: Reading,
  events: readonly OtlpSpanEvent[],
  status: { readonly code: number; readonly message: string },
  failed: boolean,
): EventError | null {
  const exception = events.find(({ name }) => EXCEPTION_EVENTS.has(name))?.attributes;
  const isError =
    status.code === ERROR_STATUS ||
    failed ||
    reading.text(FIELD.level) === "ERROR" ||
    reading.text(FIELD.finish) === "error" ||
    reading.has(FIELD.errorType) ||
    (reading.has(FIELD.errorMessage) && reading.keyOf(FIELD.errorMessage) !== STATUS_MESSAGE);
  // An exception that was caught is an event of a span that succeeded.
  if (!isError) return null;
  const type = reading.text(FIELD.errorType) ?? textOf(exception?.get("exception.type")) ?? "error";
  const message =
    reading.text(FIELD.errorMessage) ?? textOf(exception?.get("exception.message")) ?? (status.message || null);
  return { type: type.slice(0, LONGEST_TYPE), message };
}

/** Langfuse gives a message with every level, not only with errors. */
const STATUS_MESSAGE = "langfuse.observation.status_message";

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
