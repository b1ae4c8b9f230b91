import createParser from "libpg-query/wasm/libpg-query.js";

import type { Parsed, SqlGrammar } from "@/lib/core/commands/read-sql";

import { sqlWasm } from "./sql-wasm";

/**
 * PostgreSQL's own grammar. After any answer that is neither a tree nor a syntax error the instance is thrown away, since
 * a later call of it may never return; until another one is ready, texts are not read.
 */
export async function openSqlGrammar(): Promise<SqlGrammar> {
  const code = new WebAssembly.Module(sqlWasm());
  const open = () => createParser({ instantiateWasm: (imports, ready) => instantiate(code, imports, ready) });
  let parser: createParser.Parser | null = await open();
  const renew = async () => {
    parser = null;
    parser = await open();
  };
  return (text) => {
    if (parser === null) return BROKEN;
    try {
      return parse(parser, text);
    } catch {
      void renew();
      return BROKEN;
    }
  };
}

const BROKEN: Parsed = Object.freeze({ kind: "broken" });
const WRONG: Parsed = Object.freeze({ kind: "wrong" });

function instantiate(
  code: WebAssembly.Module,
  imports: WebAssembly.Imports,
  ready: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
) {
  const instance = new WebAssembly.Instance(code, imports);
  ready(instance, code);
  return instance.exports;
}

/** The result is a struct of pointers: the tree, what was printed, and the error. */
function parse(parser: createParser.Parser, text: string): Parsed {
  const bytes = parser.lengthBytesUTF8(text) + 1;
  const at = parser._malloc(bytes);
  let result = 0;
  try {
    parser.stringToUTF8(text, at, bytes);
    result = parser._wasm_parse_query_raw(at);
    if (result === 0) throw new Error("the parser gave no result");
    if (parser.getValue(result + 8, "i32") !== 0) return WRONG;
    const tree = parser.getValue(result, "i32");
    if (tree === 0) throw new Error("the parser gave no tree");
    return { kind: "tree", tree: JSON.parse(parser.UTF8ToString(tree)) };
  } finally {
    parser._free(at);
    if (result !== 0) parser._wasm_free_parse_result(result);
  }
}
