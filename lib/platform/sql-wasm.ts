import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const FILE = "libpg-query/wasm/libpg-query.wasm";

/**
 * The parser of PostgreSQL as npm installed it, looked for from this file and, where a bundler moved it, from the folder of
 * the product. The offline verifier carries the parser inside itself: see `build.mjs`.
 */
export function sqlWasm(): Uint8Array<ArrayBuffer> {
  const bases = [import.meta.url, path.join(process.cwd(), "package.json")];
  for (const [index, base] of bases.entries()) {
    try {
      return Uint8Array.from(readFileSync(createRequire(base).resolve(FILE)));
    } catch (error) {
      if (index === bases.length - 1) throw error;
    }
  }
  throw new Error("unreachable");
}
