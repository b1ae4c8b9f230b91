import type { Command } from "commander";
import { z } from "zod";

import { CheckedGuardrail } from "@/lib/core/guardrails/versions";

import { ask } from "../client";
import { print, readInput } from "../output";

const Shown = z.object({ version: z.number(), text: z.string() }).loose();
const Published = z.object({ status: z.string(), version: z.number() }).loose();

/** `guardrail show`, `guardrail lint` and `guardrail publish`. */
export function addGuardrailCommands(program: Command): void {
  const guardrail = program.command("guardrail").description("what no agent of the workspace may do");
  guardrail
    .command("show [version]")
    .description("print the guardrail in force, or one version of it")
    .option("--json")
    .action(async (version: string | undefined, options: { json?: boolean }) => {
      const answer = Shown.parse(await ask(`/api/v1/guardrails/${encodeURIComponent(version ?? "current")}`));
      print(options.json, answer, answer.text.trimEnd());
    });
  guardrail
    .command("lint <file>")
    .description("check a guardrail against the workspace, without storing it")
    .option("--json")
    .action(async (file: string, options: { json?: boolean }) => {
      const answer = await ask("/api/v1/guardrails/check", { method: "POST", body: readInput(file) });
      const { notes } = CheckedGuardrail.parse(answer);
      const lines = notes.map(
        ({ line, column, severity, message }) => `${file}:${line ?? 1}:${column ?? 1}: ${severity}: ${message}`,
      );
      print(options.json, { findings: notes }, lines.length > 0 ? lines.join("\n") : "No findings.");
      if (notes.some(({ severity }) => severity === "error")) process.exitCode = 1;
    });
  guardrail
    .command("publish <file>")
    .description("propose a new version and publish it, unless it takes away less than before")
    .option("--json")
    .action(async (file: string, options: { json?: boolean }) => {
      const target = "/api/v1/guardrails?publish=true";
      const answer = Published.parse(await ask(target, { method: "POST", body: readInput(file) }));
      const waits = answer.status === "needs_second_person";
      const words = waits
        ? `Version ${answer.version} takes away less than before: a second person must publish it.`
        : `Version ${answer.version} is ${answer.status}.`;
      print(options.json, answer, words);
    });
}
