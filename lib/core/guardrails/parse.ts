import { readDocument, textOfObject, withoutPlaces } from "@/lib/core/manifests/parse";
import { digestOf, type Sha256Hex } from "@/lib/core/shared/digest";
import { asJson } from "@/lib/core/shared/as-json";
import type { Fault } from "@/lib/core/shared/errors";

import { Guardrail } from "./schema";

/** A guardrail and the YAML that is its truth, or every fault of the text. */
export type ParsedGuardrail =
  | { readonly ok: true; readonly guardrail: Guardrail; readonly text: string }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads a guardrail from YAML (or JSON, which is YAML). Total: whatever the text, the answer is a value. */
export function parseGuardrail(text: string): ParsedGuardrail {
  const read = readDocument(Guardrail, text);
  return read.ok ? { ok: true, guardrail: read.value, text } : read;
}

/** Reads a guardrail sent as an object; the YAML written from it becomes the stored truth. Its faults have no line. */
export function guardrailFromObject(value: unknown): ParsedGuardrail {
  const text = textOfObject(value);
  if (!text.ok) return text;
  const parsed = parseGuardrail(text.value);
  return parsed.ok ? parsed : { ok: false, faults: withoutPlaces(parsed.faults) };
}

/** The digest of what a guardrail says: comments, order of keys and spelling of numbers make no difference. */
export function guardrailHash(sha256Hex: Sha256Hex, guardrail: Guardrail): string {
  return digestOf(sha256Hex, asJson(guardrail));
}
