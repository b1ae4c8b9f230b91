import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

/** Members that say what an entry is about, the most telling first. */
const SUBJECTS = ["agent", "tool", "decision", "approval", "stop", "member", "email", "scope", "format"] as const;

/**
 * What an entry is about, on one line; the entry itself stays the truth. Built from members the kinds share, so that a
 * new kind needs no new words here.
 */
export function describeEntry(kind: string, body: JsonObject): string {
  if (kind === "decision") {
    return [text(body["verdict"]), text(body["tool"]), body["rule"] === null ? "" : text(body["rule"])].filter(Boolean).join(" · ");
  }
  if (kind === "outcome") return [text(body["outcome"]), `decision ${text(body["decision"])}`].join(" · ");
  const details = body["details"];
  if (!isJsonObject(details)) return "";
  const parts = SUBJECTS.flatMap((name) => (hasText(details[name]) ? [`${name} ${text(details[name])}`] : []));
  return [...parts, ...changes(details)].slice(0, 4).join(" · ");
}

function changes(details: JsonObject): string[] {
  const parts: string[] = [];
  if (hasText(details["version"])) parts.push(`version ${text(details["version"])}`);
  if (hasText(details["change"])) parts.push(text(details["change"]));
  if (hasText(details["from"]) && hasText(details["to"])) parts.push(`${text(details["from"])} → ${text(details["to"])}`);
  for (const name of ["state", "verdict", "status", "reason"]) if (hasText(details[name])) parts.push(text(details[name]));
  return parts;
}

const hasText = (value: Json | undefined): boolean => (typeof value === "string" && value !== "") || typeof value === "number";
const text = (value: Json | undefined): string => (typeof value === "string" ? value : JSON.stringify(value ?? null)).slice(0, 120);
