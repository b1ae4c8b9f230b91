import type { Findings } from "@/lib/core/ledger/finding";
import { type NamedDefinition, namedDefinitions } from "@/lib/core/ledger/named-definitions";
import type { JsonObject } from "@/lib/core/shared/json";

/** The definitions that entries name: what may be in the file beside them, and must. */
export type Named = {
  read(body: JsonObject, index: number): void;
  has(definition: NamedDefinition): boolean;
  /** Says which are not in the file. */
  finish(isThere: (definition: NamedDefinition) => boolean, findings: Findings): void;
};

export function createNamed(): Named {
  const first = new Map<string, NamedDefinition & { readonly index: number }>();
  const nameOf = ({ kind, hash }: NamedDefinition) => `${kind} ${hash}`;
  return {
    read(body, index) {
      for (const definition of namedDefinitions(body))
        if (!first.has(nameOf(definition))) first.set(nameOf(definition), { ...definition, index });
    },
    has: (definition) => first.has(nameOf(definition)),
    finish(isThere, findings) {
      for (const { index, ...definition } of first.values()) {
        if (isThere(definition)) continue;
        const message = `The file lacks the ${definition.kind} of hash ${definition.hash}.`;
        findings.add("incomplete", "missing_definition", index, message);
      }
    },
  };
}
