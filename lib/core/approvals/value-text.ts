import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { isJsonArray, isJsonObject, type Json } from "@/lib/core/shared/json";

/** A value as people read it: text as it is, anything else in canonical JSON. */
export function valueText(value: Json): string {
  return typeof value === "string" ? value : canonicalJson(value);
}

/** The word for a value's type, said beside it so that the text `5` and the number 5 are not taken for one another. */
export function valueType(value: Json): string {
  if (value === null) return "null";
  if (isJsonArray(value)) return "list";
  if (isJsonObject(value)) return "object";
  return typeof value === "string" ? "text" : typeof value;
}

/** Calls `take` for every value that holds no other, empty lists and objects included, with its JSON pointer. */
export function eachLeaf(value: Json, take: (path: string, leaf: Json) => void, path = ""): void {
  if (isJsonArray(value) && value.length > 0) {
    for (const [index, item] of value.entries()) eachLeaf(item, take, `${path}/${index}`);
  } else if (isJsonObject(value) && Object.keys(value).length > 0) {
    for (const [key, member] of Object.entries(value)) eachLeaf(member, take, `${path}/${pointerToken(key)}`);
  } else {
    take(path, value);
  }
}

/** One step of a JSON pointer. @source RFC 6901 §3 */
export const pointerToken = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");
