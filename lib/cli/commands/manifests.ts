import type { Command } from "commander";
import { z } from "zod";

import { CheckedManifest } from "@/lib/core/manifests/check";
import { parseManifest } from "@/lib/core/manifests/parse";

import { ask, CommandFailure } from "../client";
import { print, readInput } from "../output";

const Published = z.object({ status: z.string(), version: z.number() }).loose();

/** `manifest lint` and `manifest publish`. */
export function addManifestCommands(program: Command): void {
  const manifest = program.command("manifest").description("manifests");
  manifest
    .command("lint <file>")
    .description("check a manifest; with --agent also against the catalogue and that agent")
    .option("--agent <id>")
    .option("--json")
    .action(async (file: string, options: { agent?: string; json?: boolean }) => {
      const text = readInput(file);
      const findings = options.agent ? await lintOnServer(options.agent, text) : lintHere(text);
      const lines = findings.map(
        ({ line, column, severity, message }) => `${file}:${line ?? 1}:${column ?? 1}: ${severity}: ${message}`,
      );
      print(options.json, { findings }, lines.length > 0 ? lines.join("\n") : "No findings.");
      if (findings.some(({ severity }) => severity === "error")) process.exitCode = 1;
    });
  manifest
    .command("publish <file>")
    .description("propose a new version for an agent and publish it, unless it widens")
    .requiredOption("--agent <id>")
    .option("--json")
    .action(async (file: string, options: { agent: string; json?: boolean }) => {
      const target = `/api/v1/agents/${encodeURIComponent(options.agent)}/manifests?publish=true`;
      const answer = Published.parse(await ask(target, { method: "POST", body: readInput(file) }));
      const waits = answer.status === "needs_second_person";
      print(
        options.json,
        answer,
        waits
          ? `Version ${answer.version} widens what the agent may do: a second person must publish it.`
          : `Version ${answer.version} is ${answer.status}.`,
      );
    });
}

type Finding = {
  readonly severity: string;
  readonly message: string;
  readonly line?: number | null | undefined;
  readonly column?: number | null | undefined;
};

async function lintOnServer(agent: string, text: string): Promise<readonly Finding[]> {
  const answer = await ask(`/api/v1/agents/${encodeURIComponent(agent)}/manifests/lint`, {
    method: "POST",
    body: text,
  });
  return CheckedManifest.parse(answer).notes;
}

function lintHere(text: string): readonly Finding[] {
  if (text.trim() === "") throw new CommandFailure("usage", "The manifest is empty.");
  const parsed = parseManifest(text);
  return parsed.ok
    ? []
    : parsed.faults.map(({ message, line, column }) => ({ severity: "error", message, line, column }));
}
