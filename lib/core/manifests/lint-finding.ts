import type { Environment, Level } from "@/lib/core/agents/schema";
import type { CatalogueTool } from "@/lib/core/tools/schema";
import type { Validators } from "@/lib/core/tools/validators";

import type { Manifest } from "./schema";

/** How much a finding matters, most first. Errors keep a manifest from being published. */
export const SEVERITIES = ["error", "warning", "info", "hint"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One thing to know about a manifest: where, what, and what to do about it. */
export type LintFinding = {
  readonly rule: string;
  readonly severity: Severity;
  readonly path: string;
  readonly message: string;
  readonly fix: string;
  readonly line?: number;
  readonly column?: number;
};

/** The agent a manifest is for, as far as linting asks. */
export type LintedAgent = { readonly handle: string; readonly level: Level; readonly environment: Environment };

export type LintInput = {
  readonly manifest: Manifest;
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  readonly agent: LintedAgent;
  readonly validators: Validators;
};

type Words = readonly [path: string, message: string, fix: string];

const made =
  (severity: Severity) =>
  (rule: string, ...[path, message, fix]: Words): LintFinding => ({
    rule,
    severity,
    path,
    message,
    fix,
  });

export const error = made("error");
export const warning = made("warning");
export const info = made("info");
export const hint = made("hint");
