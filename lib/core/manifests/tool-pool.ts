import { asJson } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";

import { type CompiledTool, compileTool, type ToolSurroundings, type WrittenTool } from "./compile-tool";

/** Compiled tools of a process: manifests that say the same of a tool share it, whoever wrote them. */
export type ToolPool = {
  toolsOf(written: readonly WrittenTool[], around: ToolSurroundings): ReadonlyMap<string, CompiledTool>;
};

/** Characters of keys kept; beyond, all is forgotten, which costs time and memory and changes nothing. */
const MAX_KEPT = 16_000_000;

/**
 * Makes a pool. A thousand agents with the same tools then cost one set of rules, which stays in the processor's cache.
 *
 * A tool's key is the text of everything that it is compiled from, so that nothing is shared which differs in anything.
 * Pass the same validators with every manifest of a pool.
 */
export function createToolPool(): ToolPool {
  const tools = new Map<string, CompiledTool>();
  const lists = new Map<string, ReadonlyMap<string, CompiledTool>>();
  let kept = 0;
  const keep = <T>(known: Map<string, T>, key: string, value: T): T => {
    if (kept + key.length > MAX_KEPT) {
      tools.clear();
      lists.clear();
      kept = 0;
    }
    kept += key.length;
    known.set(key, value);
    return value;
  };
  return Object.freeze({
    toolsOf(written: readonly WrittenTool[], around: ToolSurroundings) {
      const surroundings = textOf(around);
      const texts = written.map((tool) => canonicalJson(asJson(tool)));
      const all = `${surroundings} ${texts.join(" ")}`;
      const known = lists.get(all);
      if (known !== undefined) return known;
      const compiled = written.map((tool, index): [string, CompiledTool] => {
        const key = `${surroundings} ${texts[index]}`;
        return [tool.name, tools.get(key) ?? keep(tools, key, compileTool(tool, around))];
      });
      return keep(lists, all, new Map(compiled));
    },
  });
}

/** Every part but the validators: a part that is left out here does not compile. */
function textOf({ sources, guardrail, memory, terms, weights, sequences, freezes }: ToolSurroundings): string {
  const parts: Readonly<Record<Exclude<keyof ToolSurroundings, "validators">, unknown>> = {
    // As lists of entries, since JSON has no maps.
    sources: [...sources],
    guardrail: { ...guardrail, sources: [...guardrail.sources] },
    memory,
    terms,
    weights,
    sequences,
    freezes,
  };
  return canonicalJson(asJson(parts));
}
