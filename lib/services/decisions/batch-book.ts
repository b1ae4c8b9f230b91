import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { JsonObject } from "@/lib/core/shared/json";
import { SECOND_MS } from "@/lib/core/shared/time";
import type { BatchColumns } from "@/lib/data/batch-wire";

/** Rows that only some calls leave behind, as `batch_write_rare` takes them. */
export type RareRows = Record<
  | "settled"
  | "opened"
  | "moved"
  | "used"
  | "floods"
  | "trials"
  | "dependency_trials"
  | "dependency_refusals"
  | "stops"
  | "incidents",
  JsonObject[]
>;

/** What a transaction of the decision path writes besides its own rows. */
export type Book = {
  readonly workspaceId: WorkspaceId;
  /** The database's time, which all its rows carry. */
  readonly iso: string;
  readonly rows: Pick<BatchColumns, "entries" | "events">;
  readonly rare: RareRows;
};

export const noRareRows = (): RareRows => ({
  settled: [],
  opened: [],
  moved: [],
  used: [],
  floods: [],
  trials: [],
  dependency_trials: [],
  dependency_refusals: [],
  stops: [],
  incidents: [],
});

/** The rare rows as the statement takes them; null when there are none. */
export function rareParameter(rare: RareRows): string | null {
  return Object.values(rare).every((part) => part.length === 0) ? null : JSON.stringify(rare);
}

/** A ledger entry of the decision path itself, or of a job, with its details. @returns its id */
export function addNote(
  { workspaceId, iso, rows }: Book,
  kind: string,
  details: JsonObject,
  job = "decisions.commit",
): string {
  const id = uuidv7();
  const actor = { kind: "system", job };
  const body = { v: 1, kind, id, workspace: workspaceId, at: iso, actor, details };
  rows.entries.add({ entry_id: id, entry_kind: kind, entry_body: canonicalJson(body) });
  return id;
}

/** An event for screens and integrations. */
export function addEvent({ rows }: Book, id: string, topic: string, payload: JsonObject): void {
  rows.events.add({ event_id: id, event_topic: topic, event_payload: JSON.stringify(payload) });
}

/** A moment of the database's clock, as text. */
export const isoOf = (seconds: number) => new Date(seconds * SECOND_MS).toISOString();

/** A run that a call halted. */
export type HaltedRun = {
  readonly agentId: string;
  readonly handle: string;
  readonly runId: string;
  readonly decisionId: string;
  readonly halt: { readonly rule: string; readonly code: string; readonly message: string };
  readonly opensIncident: boolean;
};

/** A breach leaves a stop that two people must end and, where people are to look at it, an incident. */
export function addHalt(book: Book, { agentId, handle, runId, decisionId, halt, opensIncident }: HaltedRun): void {
  const stop = uuidv7();
  const incident = opensIncident ? uuidv7() : null;
  const { rule, message, code } = halt;
  book.rare.stops.push({ id: stop, target_id: runId, reason: message, decision_id: decisionId });
  if (incident !== null) {
    const about = { agent_id: agentId, run_id: runId, decision_id: decisionId, stop_id: stop };
    book.rare.incidents.push({ id: incident, ...about, class: "runaway_execution", rule, title: message });
    addEvent(book, uuidv7(), "incident.open", { incident_id: incident, run_id: runId, agent: handle, rule });
  }
  addNote(book, "run.halt", { run: runId, agent: handle, rule, decision: decisionId, stop, incident });
  addEvent(book, uuidv7(), "run.halted", { run_id: runId, agent: handle, reason: code });
}
