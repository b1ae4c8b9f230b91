import { pointerOf } from "./fault";
import type { Manifest } from "./schema";

/**
 * Keys of the language that this version's engine does not enforce yet; `*` stands for every item of a list.
 *
 * A manifest that uses one is refused, because a limit that is written and ignored is worse than none: whoever makes
 * the engine enforce a key removes its line.
 */
const NOT_ENFORCED: readonly (readonly string[])[] = [
  ["tools", "allowed", "*", "limits"],
  ["tools", "allowed", "*", "rollback"],
  ["execution", "max_retries_per_action"],
  ["execution", "daily_tokens"],
  ["execution", "daily_cost_usd"],
  ["execution", "warn_at"],
  ["execution", "hard_at"],
  ["execution", "circuit_breaker"],
  ["execution", "loop"],
  ["sequences"],
  ["autonomy", "promote"],
  ["autonomy", "demote"],
];

/** JSON pointers of everything in a manifest that would not be enforced. */
export function notEnforced(manifest: Manifest): readonly string[] {
  return NOT_ENFORCED.flatMap((pattern) => placesOf(manifest, pattern, []));
}

function placesOf(node: unknown, pattern: readonly string[], path: readonly (string | number)[]): string[] {
  const [step, ...rest] = pattern;
  if (step === undefined) return isEmptyList(node) ? [] : [pointerOf(path)];
  if (step === "*") {
    return Array.isArray(node) ? node.flatMap((item: unknown, index) => placesOf(item, rest, [...path, index])) : [];
  }
  if (typeof node !== "object" || node === null || !Object.hasOwn(node, step)) return [];
  const child = Object.entries(node).find(([key]) => key === step)?.[1];
  return child === undefined ? [] : placesOf(child, rest, [...path, step]);
}

const isEmptyList = (node: unknown) => Array.isArray(node) && node.length === 0;
