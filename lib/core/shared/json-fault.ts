import type { Fault } from "./errors";

/** Every reason the strict reader can give. */
export type StrictJsonCode =
  | "malformed_json"
  | "duplicate_key"
  | "forbidden_key"
  | "number_not_exact"
  | "malformed_unicode"
  | "nul_character"
  | "too_deep"
  | "too_many_keys"
  | "key_too_long"
  | "string_too_long"
  | "array_too_long"
  | "too_many_elements";

/** The first fault of a JSON text; line and column count from 1, columns in UTF-16 code units as editors do. */
export type JsonFault = Fault & { readonly code: StrictJsonCode; readonly line: number; readonly column: number };

const NEW_LINE = 0x0a;
const RETURN = 0x0d;

// None of them quotes the input: it is the agent's text, and a message is shown as ours.
const MESSAGES: Record<StrictJsonCode, string> = {
  malformed_json: "This is not valid JSON.",
  duplicate_key: "This key appears more than once in the same object.",
  forbidden_key: "The key __proto__ is not accepted.",
  number_not_exact: "This number would change when read as a 64-bit float. Send it as a string.",
  malformed_unicode: "This text holds half of a surrogate pair, which is not a character.",
  nul_character: "The character U+0000 is not accepted.",
  too_deep: "Objects and arrays are nested too deeply.",
  too_many_keys: "The document has too many keys.",
  key_too_long: "This key is too long.",
  string_too_long: "This string is too long.",
  array_too_long: "This array has too many elements.",
  too_many_elements: "The arrays of this document have too many elements together.",
};

/** Unwinds the reader's recursion and never leaves `strict-json.ts`. Not an `Error`: nobody reads its stack. */
export class JsonRefusal {
  constructor(
    readonly code: StrictJsonCode,
    readonly path: readonly (string | number | null)[],
    readonly at: number,
  ) {}
}

export function jsonFaultOf(text: string, refusal: JsonRefusal): JsonFault {
  const { code } = refusal;
  return { code, path: pointerOf(refusal.path), message: MESSAGES[code], ...placeOf(text, refusal.at) };
}

/** @source RFC 6901 §3 */
function pointerOf(path: JsonRefusal["path"]): string {
  const steps = path.filter((step) => step !== null);
  return steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function placeOf(text: string, at: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let index = 0; index < at; index += 1) {
    const code = text.charCodeAt(index);
    const breaks = code === NEW_LINE || (code === RETURN && text.charCodeAt(index + 1) !== NEW_LINE);
    if (!breaks) continue;
    line += 1;
    lineStart = index + 1;
  }
  return { line, column: at - lineStart + 1 };
}
