import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The parser of PostgreSQL as npm installed it. The offline verifier carries it inside itself: see `build.mjs`. */
export function sqlWasm(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm")));
}
