import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

/** A schema that was never prepared may be far larger than one that may be used. */
const MAX_NODES = 5_000;

/**
 * The argument names a schema knows at its top, looked up through `allOf`, `anyOf`, `oneOf`, `if` and local references.
 *
 * Empty for a schema that names none, which says nothing about what the tool accepts.
 */
export function argumentNames(schema: JsonObject): ReadonlySet<string> {
  const names = new Set<string>();
  const visited = new Set<JsonObject>();
  const queue: (Json | undefined)[] = [schema];
  while (queue.length > 0) {
    const node = queue.pop();
    if (!isJsonObject(node) || visited.has(node) || visited.size > MAX_NODES) continue;
    visited.add(node);
    const properties = node["properties"];
    if (isJsonObject(properties)) for (const name of Object.keys(properties)) names.add(name);
    for (const key of ["allOf", "anyOf", "oneOf"]) {
      const members = node[key];
      if (isJsonArray(members)) queue.push(...members);
    }
    queue.push(node["if"], node["then"], node["else"]);
    if (typeof node["$ref"] === "string") queue.push(localTarget(schema, node["$ref"]));
  }
  return names;
}

function localTarget(root: JsonObject, ref: string): Json | undefined {
  if (ref !== "#" && !ref.startsWith("#/")) return undefined;
  let node: Json | undefined = root;
  for (const token of ref.split("/").slice(1)) {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isJsonArray(node)) node = node[Number(key)];
    else if (isJsonObject(node) && Object.hasOwn(node, key)) node = node[key];
    else return undefined;
  }
  return node;
}
