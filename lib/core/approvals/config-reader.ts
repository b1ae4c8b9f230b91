import { isAlias, isMap, isScalar, isSeq, Lexer, parseAllDocuments, Parser } from "yaml";

import type { ConfigFormat } from "@/lib/core/decisions/schema";
import { asJson } from "@/lib/core/shared/as-json";
import type { Json } from "@/lib/core/shared/json";
import { readStrictJson } from "@/lib/core/shared/strict-json";

import type { ConfigRead } from "./config-read";
import { readIni } from "./ini-reader";
import { readToml } from "./toml-reader";

/** Longer files are compared by their lines alone. */
const MOST_CHARS = 256 * 1024;
const MOST_DEPTH = 64;

/**
 * Reads a configuration file so that its settings can be compared.
 *
 * Whatever two programs could read in two ways is not read at all: a key that is there twice, an alias, a tag, an unclean
 * end. Settings that look equal and are not would be worse than none.
 */
export function readConfig(text: string, format: ConfigFormat): ConfigRead {
  if (format === "text") return failed("it has no settings");
  if (text.length > MOST_CHARS) return failed("it is too long");
  if (text.trim() === "") return { ok: true, value: {} };
  if (format === "yaml") return readYamlConfig(text);
  if (format === "toml") return readToml(text);
  if (format === "json") {
    const read = readStrictJson(text);
    return read.ok ? read : failed(`line ${read.fault.line}: ${read.fault.message}`);
  }
  return readIni(text, format);
}

const failed = (why: string): ConfigRead => ({ ok: false, why });

/** Several documents of one file are a list, as one that holds only itself is not. */
function readYamlConfig(text: string): ConfigRead {
  if (nestsTooDeep(text)) return failed("it nests too deep");
  const documents = parseAllDocuments(text, {
    version: "1.2",
    schema: "core",
    merge: false,
    stringKeys: true,
    uniqueKeys: false, // quadratic in the library; found below in one pass
    prettyErrors: false,
  });
  if (!Array.isArray(documents)) return { ok: true, value: {} };
  const values: Json[] = [];
  for (const document of documents) {
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) return failed(fault.message.split("\n", 1)[0] ?? "it is not valid");
    const why = ambiguity(document.contents);
    if (why !== null) return failed(why);
    values.push(asJson(document.toJS({ maxAliasCount: 0 }) ?? null));
  }
  const [only] = values;
  return { ok: true, value: values.length === 1 && only !== undefined ? only : values };
}

/** The lexer and parser keep their own stacks; composing recurses, and deep enough it would end the process. */
function nestsTooDeep(text: string): boolean {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _token of parser.next(lexeme)) continue;
    if (parser.stack.length > MOST_DEPTH) return true;
  }
  return false;
}

/** What makes a YAML tree mean two things, in words; null when it means one. */
function ambiguity(contents: unknown): string | null {
  const queue: unknown[] = [contents];
  for (let node = queue.pop(); queue.length > 0 || node !== undefined; node = queue.pop()) {
    if (isAlias(node)) return "it uses aliases";
    if (isScalar(node) && typeof node.value === "number" && !Number.isFinite(node.value)) return "a number has no end";
    if (isSeq(node)) queue.push(...node.items);
    if (!isMap(node)) continue;
    const seen = new Set<string>();
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
      if (key === "<<") return "it uses merge keys";
      if (key === "__proto__") return "a key is not allowed";
      if (seen.has(key)) return `the key ${key.slice(0, 60)} is there twice`;
      seen.add(key);
      queue.push(pair.value);
    }
  }
  return null;
}
