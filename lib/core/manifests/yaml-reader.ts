import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  Parser,
} from "yaml";

import type { Fault } from "@/lib/core/shared/errors";

import { pointerOf } from "./fault";

const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 64;
/** A document and its pairs may be on the parser's stack beside the nodes themselves. */
const MAX_STACK = MAX_DEPTH + 4;

export type Position = { readonly line: number; readonly column: number };

/** A YAML text as plain data, with the place of every key. */
export type YamlText =
  | { readonly ok: true; readonly value: unknown; readonly positionOf: PositionOf }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Where a JSON pointer is in the text: its key or its value; the nearest place that exists when there is none. */
export type PositionOf = (pointer: string, part?: "key" | "value") => Position;

const CORE_TAGS: ReadonlySet<string> = new Set(
  ["str", "int", "float", "bool", "null", "seq", "map"].map((name) => `tag:yaml.org,2002:${name}`),
);

const EXPLANATION: Readonly<Record<string, string>> = {
  TAG_RESOLVE_FAILED: "Tags are not allowed here; write plain values.",
  MULTIPLE_DOCS: "A manifest is one document; remove the `---` and what follows it.",
  NON_STRING_KEY: "A key must be plain text.",
  BAD_ALIAS: "Aliases and anchors are not allowed; write the value out.",
};

/**
 * Reads YAML 1.2 core and nothing beyond what JSON can say.
 *
 * Anchors, aliases, tags, merge keys, directives, several documents, duplicate keys and unclean text are faults, each
 * with its line. Size and depth are bounded before anything recurses (`safety.md` T53).
 */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const early = oversize(text) ?? tooDeep(text, lines);
  if (early) return { ok: false, faults: [early] };

  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    merge: false,
    stringKeys: true,
    // Quadratic in the library; `inspect` finds duplicates in one pass.
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
  });
  const found = inspect(document, lines);
  const tagsFound = found.some((fault) => fault.code === "unknown_tag");
  const faults = [...syntaxFaults(document, lines, tagsFound), ...found];
  if (faults.length > 0) return { ok: false, faults: faults.slice(0, 100) };
  return { ok: true, value: document.toJS({ maxAliasCount: 0 }), positionOf: positions(document, lines) };
}

function oversize(text: string): Fault | null {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= MAX_BYTES) return null;
  return {
    code: "too_large",
    path: "",
    message: `A manifest may have at most ${MAX_BYTES / 1024} KiB.`,
    line: 1,
    column: 1,
  };
}

/** The lexer and parser keep their own stacks; composing recurses, and deep enough it ends the process. */
function tooDeep(text: string, lines: LineCounter): Fault | null {
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    for (const _token of parser.next(lexeme)) continue;
    if (parser.stack.length > MAX_STACK) {
      const message = `A manifest may be at most ${MAX_DEPTH} levels deep.`;
      return { code: "too_deep", path: "", message, ...positionAt(lines, parser.offset) };
    }
  }
  lines.lineStarts.length = 0;
  return null;
}

function syntaxFaults(document: Document.Parsed, lines: LineCounter, tagsFound: boolean): Fault[] {
  const directives = document.directives;
  // An unknown tag is only a warning to the library; `inspect` reports it too, with its path.
  const warnings = document.warnings.filter((warning) => !(tagsFound && warning.code === "TAG_RESOLVE_FAILED"));
  const faults: Fault[] = [...document.errors, ...warnings].map((error) => ({
    code: error.code === "TAG_RESOLVE_FAILED" ? "unknown_tag" : `yaml_${error.code.toLowerCase()}`,
    path: "",
    message: EXPLANATION[error.code] ?? error.message,
    ...positionAt(lines, error.pos[0]),
  }));
  if (directives?.yaml.explicit && directives.yaml.version !== "1.2") {
    faults.push({
      code: "yaml_version",
      path: "",
      message: "A manifest is YAML 1.2; remove the directive.",
      line: 1,
      column: 1,
    });
  }
  return faults;
}

/** One pass over the tree, without recursion, for everything JSON could not say. */
function inspect(document: Document.Parsed, lines: LineCounter): Fault[] {
  const faults: Fault[] = [];
  const queue: { node: unknown; path: readonly (string | number)[] }[] = [{ node: document.contents, path: [] }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { node, path } = next;
    const fault = nodeFault(node);
    if (fault) faults.push({ ...fault, path: pointerOf(path), ...positionOfNode(lines, node) });
    if (path.length > MAX_DEPTH) {
      faults.push({ code: "too_deep", path: "", message: "Too deep.", ...positionOfNode(lines, node) });
    } else if (isMap(node)) {
      const seen = new Set<string>();
      for (const pair of node.items) {
        const key = keyOf(pair);
        const wrong = keyFault(key, seen);
        if (wrong) faults.push({ ...wrong, path: pointerOf([...path, key]), ...positionOfNode(lines, pair.key) });
        seen.add(key);
        queue.push({ node: pair.key, path: [...path, key] }, { node: pair.value, path: [...path, key] });
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) queue.push({ node: item, path: [...path, index] });
    }
  }
  return faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function nodeFault(node: unknown): { code: string; message: string } | null {
  if (isAlias(node)) return { code: "alias", message: "Aliases are not allowed; write the value out." };
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
  if (node.anchor !== undefined) return { code: "anchor", message: "Anchors are not allowed; write the value out." };
  if (node.tag !== undefined && !CORE_TAGS.has(node.tag)) {
    return { code: "unknown_tag", message: "Tags are not allowed here; write plain values." };
  }
  if (!isScalar(node)) return null;
  const value: unknown = node.value;
  if (typeof value === "string" && (!value.isWellFormed() || value.includes("\0"))) {
    return { code: "malformed_unicode", message: "The text holds a lone surrogate or a NUL." };
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    return { code: "number_not_exact", message: "A number must be finite." };
  }
  return null;
}

function keyFault(key: string, seen: ReadonlySet<string>): { code: string; message: string } | null {
  if (key === "<<") return { code: "merge_key", message: "Merge keys are not allowed; write the keys out." };
  if (key === "__proto__") return { code: "unknown_key", message: "unknown key `__proto__`" };
  return seen.has(key) ? { code: "duplicate_key", message: `The key \`${key}\` is here twice.` } : null;
}

function keyOf(pair: Pair<unknown, unknown>): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function positionOfNode(lines: LineCounter, node: unknown): Position {
  const range = isPair(node) ? null : rangeOf(node);
  return positionAt(lines, range ?? 0);
}

function rangeOf(node: unknown): number | null {
  if (!isAlias(node) && !isScalar(node) && !isMap(node) && !isSeq(node)) return null;
  return node.range?.[0] ?? null;
}

function positions(document: Document.Parsed, lines: LineCounter): PositionOf {
  return (pointer, part = "value") => {
    let node: Node | null = document.contents;
    let offset = rangeOf(node) ?? 0;
    const steps = pointer
      .split("/")
      .slice(1)
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    for (const [index, step] of steps.entries()) {
      const found = child(node, step);
      if (!found) break;
      const isLast = index === steps.length - 1;
      offset = (isLast && part === "key" ? found.keyOffset : null) ?? rangeOf(found.node) ?? found.keyOffset ?? offset;
      node = found.node;
    }
    return positionAt(lines, offset);
  };
}

function child(node: unknown, step: string): { node: Node | null; keyOffset: number | null } | null {
  if (isMap<unknown, Node | null>(node)) {
    const pair = node.items.find((item) => keyOf(item) === step);
    return pair ? { node: pair.value, keyOffset: rangeOf(pair.key) } : null;
  }
  if (!isSeq<Node>(node)) return null;
  const item = node.items[Number(step)];
  return item === undefined ? null : { node: item, keyOffset: null };
}
