import { stringify } from "yaml";
import type { z } from "zod";

import { digestOf, type Sha256Hex } from "@/lib/core/shared/digest";
import type { Fault } from "@/lib/core/shared/errors";
import type { Json } from "@/lib/core/shared/json";

import { faultsOf } from "./fault";
import { Manifest } from "./schema";
import { type Position, readYaml } from "./yaml-reader";

/** A manifest and the YAML that is its truth, or every fault of the text. */
export type ParsedManifest =
  | { readonly ok: true; readonly manifest: Manifest; readonly text: string }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const MAX_FAULTS = 100;

/** Reads a manifest from YAML (or JSON, which is YAML). Total: whatever the text, the answer is a value. */
export function parseManifest(text: string): ParsedManifest {
  const read = readDocument(Manifest, text);
  return read.ok ? { ok: true, manifest: read.value, text } : read;
}

/** A document of the policy language, or every fault of its text. */
export type ReadDocument<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads any document of the language; each fault has its line and column. */
export function readDocument<T>(schema: z.ZodType<T>, text: string): ReadDocument<T> {
  const yaml = readYaml(text);
  if (!yaml.ok) return yaml;
  const parsed = schema.safeParse(yaml.value, { reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data };
  const faults = faultsOf(parsed.error.issues)
    .slice(0, MAX_FAULTS)
    .map(({ fault, keyAtFault }) => ({ ...fault, ...yaml.positionOf(fault.path, keyAtFault ? "key" : "value") }));
  return { ok: false, faults: faults.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

/**
 * Reads a manifest sent as an object; the YAML written from it becomes the stored truth.
 *
 * Faults have no line: the sender never saw the text.
 */
export function manifestFromObject(value: unknown): ParsedManifest {
  const text = textOfObject(value);
  if (!text.ok) return text;
  const parsed = parseManifest(text.value);
  return parsed.ok ? parsed : { ok: false, faults: withoutPlaces(parsed.faults) };
}

/** The YAML of a document sent as an object. */
export function textOfObject(value: unknown): ReadDocument<string> {
  const text = yamlOf(value);
  if (text !== null) return { ok: true, value: text };
  return { ok: false, faults: [{ code: "wrong_type", path: "", message: "The document must be plain data." }] };
}

/** Faults as the sender of an object can use them. */
export function withoutPlaces(faults: readonly Fault[]): readonly Fault[] {
  return faults.map(({ code, path, message }) => ({ code, path, message }));
}

function yamlOf(value: unknown): string | null {
  try {
    // Through JSON first: what JSON cannot carry must not become YAML.
    return stringify(JSON.parse(JSON.stringify(value)), { aliasDuplicateObjects: false, lineWidth: 0 });
  } catch {
    return null;
  }
}

/** The digest of what a manifest says: comments, order of keys and spelling of numbers make no difference. */
export function manifestHash(sha256Hex: Sha256Hex, manifest: Manifest): string {
  // A parsed manifest holds JSON only; Zod's type cannot say that absent keys are absent.
  return digestOf(sha256Hex, manifest as Json);
}

/** Line and column of a JSON pointer in a text, or of the nearest place above it; null for unreadable text. */
export function locate(text: string, pointer: string): Position | null {
  return locator(text)(pointer);
}

/** `locate` for many pointers into one text, which is read once. */
export function locator(text: string): (pointer: string) => Position | null {
  const yaml = readYaml(text);
  return (pointer) => (yaml.ok ? yaml.positionOf(pointer, "key") : null);
}
