import { parseArgs } from "node:util";

import { runVerify, UsageError } from "./run-verify";

// The verifier as one file of its own: no server, no network, nothing to install but Node.
const USAGE = `Usage: node verify.mjs <bundle> --key <verifier key or file> [--since <checkpoint>] [--receipts <file or folder>] [--json]
Exit codes: 0 ok, 1 tampered, 2 incomplete, 3 no trusted key, 64 wrong usage, 70 the verifier failed.`;
const WRONG_USAGE = 64;
/** A fault of ours must not read like a verdict. */
const OUR_FAULT = 70;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: "string", multiple: true, default: [] },
      since: { type: "string" },
      receipts: { type: "string", multiple: true, default: [] },
      json: { type: "boolean", default: false },
    },
  });
  const [bundle, ...rest] = positionals;
  if (bundle === undefined || rest.length > 0) throw new UsageError("Name one bundle.");
  const { key, since, receipts, json } = values;
  const { text, code } = await runVerify({ bundle, keys: key, since, receipts, json });
  process.stdout.write(`${text}\n`);
  return code;
}

process.exitCode = await main().catch((error: unknown) => {
  const isOurs = error instanceof UsageError || (error instanceof TypeError && "code" in error);
  if (!isOurs) {
    process.stderr.write(`The verifier itself failed; this says nothing about the bundle.\n${String(error)}\n`);
    return OUR_FAULT;
  }
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  return WRONG_USAGE;
});
