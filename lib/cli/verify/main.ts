import { parseArgs } from "node:util";

import { exitCodesText, NO_VERDICT } from "@/lib/core/ledger/exit-codes";

import { exitCodeOfFailure, runVerify, UsageError } from "./run-verify";

// The verifier as one file of its own: no server, no network, nothing to install but Node.
const USAGE = `Usage: node verify.mjs <bundle> --key <verifier key or file> [--since <checkpoint>] [--receipts <file or folder>] [--json]
Exit codes:
${exitCodesText()}`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: "string", multiple: true, default: [] },
      since: { type: "string" },
      receipts: { type: "string", multiple: true, default: [] },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const [bundle, ...rest] = positionals;
  if (bundle === undefined || rest.length > 0) throw new UsageError("Name one bundle.");
  const { key, since, receipts, json } = values;
  const { text, code } = await runVerify({ bundle, keys: key, since, receipts, json });
  process.stdout.write(`${text}\n`);
  return code;
}

process.exitCode = await main().catch((error: unknown) => {
  // What `parseArgs` throws names a code of its own.
  const isUsage = error instanceof TypeError && "code" in error;
  const code = isUsage ? NO_VERDICT.usage : exitCodeOfFailure(error);
  if (code === NO_VERDICT.fault) {
    process.stderr.write(`The verifier itself failed; this says nothing about the bundle.\n${String(error)}\n`);
    return code;
  }
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (code === NO_VERDICT.usage) process.stderr.write(`${USAGE}\n`);
  return code;
});
