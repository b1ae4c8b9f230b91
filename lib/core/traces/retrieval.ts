import { FIELD } from "./alias-index";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import type { EventKind, EventRetrieval } from "./event";
import { TRACE_LIMITS } from "./limits";
import type { OtlpSpanEvent } from "./otlp";
import { field, objectOf, parsedOf } from "./parsed-text";
import type { Reading } from "./reading";

type Document = { id: string | null; asOf: string | null };

/** Where documents say what time they are from; no convention has a name for it. */
const AS_OF = ["as_of", "updated_at", "last_modified", "timestamp"];
const DOCUMENT_PREFIXES = ["retrieval.documents.", "reranker.output_documents."];
const RESULT_EVENTS = new Set(["db.query.result", "db.search.result"]);

/** What was looked up: index, documents and the times that they are from. Null for an event that looked nothing up. */
export function retrievalOf(
  reading: Reading,
  kind: EventKind,
  events: readonly OtlpSpanEvent[],
): EventRetrieval | null {
  const index = reading.text(FIELD.dataSource);
  const documents = [...listedDocuments(reading), ...numberedDocuments(reading), ...resultDocuments(events)].slice(
    0,
    TRACE_LIMITS.documents,
  );
  if (documents.length === 0 && kind === "retrieval") documents.push(...returnedDocuments(reading));
  if (documents.length === 0 && index === null && kind !== "retrieval") return null;
  const known = documents.filter((document): document is { id: string; asOf: string | null } => document.id !== null);
  return { index, docIds: known.map(({ id }) => id), asOf: known.map(({ asOf }) => asOf) };
}

/** As lists in attributes: of ids with their times, or of documents. */
function listedDocuments(reading: Reading): Document[] {
  const times = listOf(reading.get(FIELD.asOf));
  const ids = listOf(reading.get(FIELD.docIds)).map((id, at) => ({ id: idOf(id), asOf: timeOf(times[at]) }));
  if (ids.length > 0) return ids;
  return listOf(reading.get(FIELD.documents)).flatMap((item) => documentOf(item, times[0]));
}

/** As `retrieval.documents.N.document.id` and its neighbours. */
function numberedDocuments(reading: Reading): Document[] {
  const documents = new Map<number, Document>();
  for (const { key, value } of reading.indexed) {
    const prefix = DOCUMENT_PREFIXES.find((candidate) => key.startsWith(candidate));
    if (prefix === undefined) continue;
    const dot = key.indexOf(".", prefix.length);
    const slot = Number(key.slice(prefix.length, dot));
    if (!Number.isInteger(slot) || slot < 0 || slot >= TRACE_LIMITS.slots) continue;
    const document = documents.get(slot) ?? { id: null, asOf: null };
    documents.set(slot, document);
    const part = key.slice(dot + 1);
    if (part === "document.id") document.id = idOf(value);
    else if (part === "document.metadata") document.asOf = timeIn(objectOf(value));
  }
  return [...documents].sort((a, b) => a[0] - b[0]).map(([, document]) => document);
}

/** As events of the span, one a document. */
function resultDocuments(events: readonly OtlpSpanEvent[]): Document[] {
  return events.flatMap(({ name, attributes }) => {
    if (!RESULT_EVENTS.has(name)) return [];
    const metadata = objectOf(attributes.get(`${name}.metadata`));
    return [{ id: idOf(attributes.get(`${name}.id`)), asOf: timeIn(metadata) }];
  });
}

/** As what a retriever returned, where its instrumentation says no more. */
function returnedDocuments(reading: Reading): Document[] {
  const output = reading.get(FIELD.output);
  if (output === undefined) return [];
  const parsed = parsedOf(output);
  const list = isJsonArray(parsed) ? parsed : isJsonObject(parsed) ? parsed.documents : undefined;
  return list !== undefined && isJsonArray(list)
    ? list.slice(0, TRACE_LIMITS.documents).flatMap((item) => documentOf(item))
    : [];
}

function documentOf(item: Json, time?: Json): Document[] {
  const parsed = parsedOf(item);
  if (!isJsonObject(parsed)) return [];
  const metadata = objectOf(field(parsed, "metadata"));
  const id = idOf(field(parsed, "id") ?? field(parsed, "document_id") ?? field(metadata, "id"));
  return [{ id, asOf: timeIn(parsed) ?? timeIn(metadata) ?? timeOf(time) }];
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  const parsed = parsedOf(value);
  if (isJsonArray(parsed)) return parsed.slice(0, TRACE_LIMITS.documents);
  return isJsonObject(parsed) ? [] : [parsed];
}

const idOf = (value: Json | undefined): string | null =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : null;

function timeIn(object: JsonObject | null): string | null {
  for (const key of AS_OF) {
    const time = timeOf(field(object, key));
    if (time !== null) return time;
  }
  return null;
}

/** Seconds since 1970 have ten digits until 2286, milliseconds thirteen. */
const FIRST_MILLISECONDS = 1e11;
const LATEST_MS = 8.64e15;

/** A time as ISO 8601, or null for what is no time. */
function timeOf(value: Json | undefined): string | null {
  if (typeof value === "number") {
    const ms = Math.abs(value) < FIRST_MILLISECONDS ? value * 1_000 : value;
    return Math.abs(ms) <= LATEST_MS ? new Date(ms).toISOString() : null;
  }
  if (typeof value !== "string" || value.length > 40) return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
