import { readFile } from "node:fs/promises";

import type { Hono } from "hono";

import { HttpRefusal } from "./refusal";
import { problem } from "./respond";

/**
 * The verifier as one file, for whoever was handed a bundle. Open to everybody: it holds nothing of ours.
 *
 * It lies beside this bundle; a server that runs from source has none.
 */
export function serveVerifier(app: Hono): void {
  app.get("/verify.mjs", async () => {
    const code = await readFile(new URL("./verify.mjs", import.meta.url)).catch(() => null);
    if (code === null)
      return problem(
        new HttpRefusal(404, "no_verifier", "This server runs from source and has no verifier to give."),
        "-",
      );
    return new Response(new Uint8Array(code), {
      headers: {
        "content-type": "text/javascript; charset=utf-8",
        "content-disposition": 'attachment; filename="verify.mjs"',
        "cache-control": "no-cache",
        "x-content-type-options": "nosniff",
      },
    });
  });
}
