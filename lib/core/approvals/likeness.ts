import type { Call } from "@/lib/core/decisions/schema";
import { asJsonObject } from "@/lib/core/shared/as-json";
import { digestOf, type Sha256Hex } from "@/lib/core/shared/digest";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

/** How a request for people is told from others of its agent. Null where the call says nothing of it. */
export type Likeness = {
  /** Equal for the same question, in whatever session: tool, its definition, canonical arguments. */
  readonly args: string;
  /** Equal for variations of a question: the same tool with the same arguments given, whatever they say. */
  readonly shape: string;
  /** Equal while a reviewer would see the same: the effect, and what the call rests on but for its age. */
  readonly shown: string;
};

/** The three digests of a call by which its agent's requests are compared. */
export function likenessOf(sha256Hex: Sha256Hex, call: Call, toolHash: string): Likeness {
  const { tool } = call;
  const args = asJsonObject(call.args);
  const context = call.context.map(({ source, scope, doc_ids }) => ({ source, scope: asJsonObject(scope), doc_ids }));
  const effect = call.effect && asJsonObject(call.effect);
  return {
    args: argsDigestOf(sha256Hex, call, toolHash),
    shape: digestOf(sha256Hex, { tool, paths: argumentPaths(args) }),
    shown: digestOf(sha256Hex, { effect, context }),
  };
}

/** The digest by which a repeated question is found again: of the tool, its definition and the canonical arguments. */
export function argsDigestOf(
  sha256Hex: Sha256Hex,
  { tool, args }: Pick<Call, "tool" | "args">,
  toolHash: string,
): string {
  return digestOf(sha256Hex, { tool, tool_hash: toolHash, args: asJsonObject(args) });
}

/** Which arguments are given, as sorted pointers; the members of a list count as one. */
export function argumentPaths(args: JsonObject): readonly string[] {
  const paths = new Set<string>();
  const walk = (value: Json, at: string): void => {
    if (isJsonArray(value)) for (const member of value) walk(member, `${at}/-`);
    else if (isJsonObject(value))
      for (const [key, member] of Object.entries(value)) walk(member, `${at}/${escaped(key)}`);
    if (at !== "") paths.add(at);
  };
  walk(args, "");
  return [...paths].toSorted();
}

const escaped = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");
