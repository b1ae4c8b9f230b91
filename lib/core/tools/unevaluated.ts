import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

/** What only applies in some cases. Ajv loses track of which properties and items such a part has looked at. */
const CONDITIONAL = ["anyOf", "oneOf", "if", "dependentSchemas"] as const;

type Use = { readonly keyword: string; readonly blocking: readonly string[] };
const USES: readonly Use[] = [
  { keyword: "unevaluatedProperties", blocking: [...CONDITIONAL, "patternProperties"] },
  { keyword: "unevaluatedItems", blocking: [...CONDITIONAL, "contains"] },
];

/**
 * Whether a schema uses `unevaluatedProperties` or `unevaluatedItems`, and why a use cannot be judged exactly. One can when
 * what it has to know follows from the schema alone, through `allOf` and references that do not come back.
 *
 * `targets` holds what each reference of a prepared schema leads to.
 */
export function findUnevaluated(
  schema: JsonObject,
  targets: ReadonlyMap<string, Json>,
): { readonly used: boolean; readonly fault: string | null } {
  let used = false;
  const recursive = { value: null as boolean | null };
  for (const node of nodesOf(schema)) {
    for (const { keyword, blocking } of USES) {
      if (!Object.hasOwn(node, keyword)) continue;
      used = true;
      const blocker = blockerOf(node, blocking, targets, () => (recursive.value ??= comesBack(schema, targets)));
      if (blocker !== null) {
        const fault = `\`${keyword}\` together with ${blocker} cannot be checked exactly. List what is allowed in \`properties\` or \`items\` instead.`;
        return { used, fault };
      }
    }
  }
  return { used, fault: null };
}

function blockerOf(
  node: JsonObject,
  blocking: readonly string[],
  targets: ReadonlyMap<string, Json>,
  isRecursive: () => boolean,
): string | null {
  const found = blocking.find((keyword) => Object.hasOwn(node, keyword));
  if (found !== undefined) return `\`${found}\``;
  const parts = isJsonArray(node["allOf"]) ? [...node["allOf"]] : [];
  const ref = node["$ref"];
  if (typeof ref === "string") {
    if (isRecursive()) return "a reference in a recursive schema";
    parts.push(targets.get(ref) ?? true);
  }
  for (const part of parts) {
    const blocker = isJsonObject(part) ? blockerOf(part, blocking, targets, isRecursive) : null;
    if (blocker !== null) return blocker;
  }
  return null;
}

/** Whether following references can lead to a place one has already been at. */
function comesBack(schema: JsonObject, targets: ReadonlyMap<string, Json>): boolean {
  const done = new Set<Json>();
  const open = new Set<Json>();
  const visit = (node: Json): boolean => {
    if (open.has(node)) return true;
    if (done.has(node)) return false;
    open.add(node);
    const again = refsOf(node).some((ref) => visit(targets.get(ref) ?? true));
    open.delete(node);
    done.add(node);
    return again;
  };
  return visit(schema) || [...targets.values()].some(visit);
}

function refsOf(schema: Json): readonly string[] {
  return isJsonObject(schema) ? nodesOf(schema).flatMap(({ $ref }) => (typeof $ref === "string" ? [$ref] : [])) : [];
}

/** Every object within a prepared schema; more than the schemas among them, which only makes the answer stricter. */
function nodesOf(root: Json): readonly JsonObject[] {
  const nodes: JsonObject[] = [];
  const queue: Json[] = [root];
  while (queue.length > 0) {
    const next = queue.pop();
    if (isJsonArray(next)) queue.push(...next);
    else if (isJsonObject(next)) {
      nodes.push(next);
      queue.push(...Object.values(next).filter((value) => value !== undefined));
    }
  }
  return nodes;
}
