import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

import type { Command, CommanderError } from "commander";
import { z } from "zod";

import { exitCodesText, NO_VERDICT } from "@/lib/core/ledger/exit-codes";

import { ask, CommandFailure, download } from "../client";
import { columns, print } from "../output";
import { exitCodeOfFailure, runDiff, runVerify } from "../verify/run-verify";

const Keys = z.object({
  signing: z.string(),
  items: z.array(z.object({ verifier_key: z.string(), state: z.string() }).loose()),
});
const Rotated = z.object({ verifier_key: z.string() }).loose();
const Anchored = z.object({
  failed: z.number(),
  items: z.array(z.object({ destination: z.string(), size: z.string(), last_error: z.string().nullable() }).loose()),
});
const Checkpoints = z.object({ items: z.array(z.object({ note: z.string(), size: z.string() }).loose()) });

/** `ledger export`, `verify`, `diff`, `keys`, `rotate`, `erase`, `anchor`, `checkpoint`. */
export function addLedgerCommands(program: Command): void {
  const ledger = program.command("ledger").description("the ledger");
  ledger
    .command("export")
    .description("write what verifies the ledger offline; with --format jsonl or csv the entries alone")
    .option("--format <bundle|jsonl|csv>", "", "bundle")
    .option("--out <file>", "file to write, gzipped if it ends in .gz; standard output without it")
    .option("--json", "say what was written; with --out")
    .action(async ({ format, out, json }: { format: string; out?: string; json?: boolean }) => {
      if (json && out === undefined) throw new CommandFailure("usage", "With --json, name the file: --out <file>.");
      const target =
        format === "bundle" ? "/api/v1/ledger/bundle" : `/api/v1/ledger/export?format=${encodeURIComponent(format)}`;
      const pieces = await download(target);
      if (out === undefined) for await (const piece of pieces) process.stdout.write(piece);
      else {
        await writeTo(out, pieces);
        print(json, { format, out }, `Wrote ${out}.`);
      }
    });
  addVerify(ledger);
  ledger
    .command("keys")
    .description("list the keys that sign the log; pin one with `ledger verify --key`")
    .option("--json")
    .action(async ({ json }: { json?: boolean }) => {
      const answer = Keys.parse(await ask("/api/v1/ledger/keys"));
      const rows = answer.items.map((item) => [item.state, item.verifier_key]);
      print(json, answer, [`Signing: ${answer.signing}`, columns(rows)].join("\n"));
    });
  ledger
    .command("rotate")
    .description("put a new signing key in force, signed for by the old one (administrators)")
    .requiredOption("--reason <text>")
    .option("--lost", "the old key cannot sign any more; auditors must pin the new one")
    .option("--json")
    .action(async ({ reason, lost = false, json }: { reason: string; lost?: boolean; json?: boolean }) => {
      const answer = Rotated.parse(await ask("/api/v1/ledger/keys", { method: "POST", body: { reason, lost } }));
      print(json, answer, answer.verifier_key);
    });
  ledger
    .command("erase <decision>")
    .description("erase what a decision was about; the reason stays in the ledger (administrators)")
    .requiredOption("--reason <text>")
    .option("--json")
    .action(async (decision: string, { reason, json }: { reason: string; json?: boolean }) => {
      const target = `/api/v1/decisions/${encodeURIComponent(decision)}/payload?reason=${encodeURIComponent(reason)}`;
      const answer = await ask(target, { method: "DELETE" });
      print(json, answer, `What decision ${decision} was about is erased.`);
    });
  ledger
    .command("anchor")
    .description("tell every configured place outside the database the latest checkpoint now (administrators)")
    .option("--json")
    .action(async ({ json }: { json?: boolean }) => {
      const answer = Anchored.parse(await ask("/api/v1/ledger/anchors", { method: "POST" }));
      const rows = answer.items.map((item) => [item.destination, item.size, item.last_error ?? "delivered"]);
      print(json, answer, rows.length > 0 ? columns(rows) : "No place is configured.");
      if (answer.failed > 0) process.exitCode = 1;
    });
  ledger
    .command("checkpoint")
    .description("print the latest signed checkpoint, to be kept elsewhere")
    .option("--json")
    .action(async ({ json }: { json?: boolean }) => {
      const [latest] = Checkpoints.parse(await ask("/api/v1/ledger/checkpoints?limit=1")).items;
      if (!latest) throw new CommandFailure("refused", "Nothing has been signed yet.");
      print(json, latest, latest.note.trimEnd());
    });
}

async function writeTo(file: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const target = createWriteStream(file);
  try {
    await (file.endsWith(".gz") ? pipeline(pieces, createGzip(), target) : pipeline(pieces, target));
  } catch (cause) {
    throw new CommandFailure("refused", `${file} cannot be written, or the server broke off.`, cause);
  }
}

const EXIT_HELP = `\nExit codes:\n${exitCodesText()}`;
/** The other commands' code for wrong usage would read as a verdict here. */
const leave = ({ exitCode }: CommanderError): never => process.exit(exitCode === 0 ? 0 : NO_VERDICT.usage);

type VerifyOptions = { key: string[]; since?: string; receipts: string[]; json?: boolean };
const several = (value: string, before: string[]) => [...before, value];

function addVerify(ledger: Command): void {
  ledger
    .command("verify <bundle>")
    .description("check a bundle offline")
    .addHelpText("after", EXIT_HELP)
    .exitOverride(leave)
    .option("--key <key>", "verifier key you were given out of band, or a file with it; may be repeated", several, [])
    .option("--since <checkpoint>", "file with a checkpoint kept from earlier")
    .option("--receipts <path>", "file or folder with receipts; may be repeated", several, [])
    .option("--json")
    .action(async (bundle: string, { key, since, receipts, json }: VerifyOptions) => {
      await answered(() => runVerify({ bundle, keys: key, since, receipts, json }));
    });
  ledger
    .command("diff <checkpoint> <other>")
    .description("compare two checkpoints: one size with two roots is a fork")
    .addHelpText("after", EXIT_HELP)
    .exitOverride(leave)
    .option("--key <key>", "verifier key you were given out of band, or a file with it; may be repeated", several, [])
    .option("--json")
    .action(async (one: string, other: string, { key, json }: { key: string[]; json?: boolean }) => {
      await answered(() => runDiff({ files: [one, other], keys: key, json }));
    });
}

type Verdict = { readonly text: string; readonly code: number };

async function answered(ask: () => Verdict | Promise<Verdict>): Promise<void> {
  try {
    const { text, code } = await ask();
    process.stdout.write(`${text}\n`);
    process.exitCode = code;
  } catch (error) {
    const code = exitCodeOfFailure(error);
    if (code === NO_VERDICT.fault)
      process.stderr.write("The verifier itself failed; this says nothing about the ledger.\n");
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = code;
  }
}
