import { argumentNames } from "@/lib/core/tools/argument-names";
import { BLAST_RADII, type CatalogueTool, REVERSIBILITIES, type Reversibility } from "@/lib/core/tools/schema";

import { compileBlocked } from "./blocked";
import { error, hint, info, type LintFinding, type LintInput, warning } from "./lint-finding";
import { neverRuns } from "./lint-timeout";
import { compileSources } from "./compile-source";
import { rollbackFault } from "./rollback";
import type { AllowedTool } from "./schema";

const SHORT_TIMEOUT_SECONDS = 60;
const LONG_TIMEOUT_SECONDS = 7 * 24 * 3_600;

/** Tools that can do anything; allowing one without a limit on its arguments allows everything (`safety.md` T26). */
const GENERIC =
  /^(?:shell|bash|sh|exec|eval|terminal|run_command|execute_command|run_sql|sql|query|http_request|http|fetch|curl|python|code_interpreter)$/i;

/** One entry of `tools.allowed` against its tool and its agent. */
export function lintTool(input: LintInput, entry: AllowedTool, index: number): LintFinding[] {
  const path = `/tools/allowed/${index}`;
  const tool = input.catalogue.get(entry.name);
  return [
    ...lintCatalogue(input, entry, { path, tool }),
    ...(tool === undefined ? [] : lintClass(entry, { path, tool })),
    ...lintPlace(input, entry, path),
    ...lintApprovalOf(entry, { path, tool }),
    ...lintSourcesOf(input, entry, path),
    ...lintRollback(input, entry, { path, tool }),
  ];
}

type Place = { readonly path: string; readonly tool: CatalogueTool | undefined };

function lintCatalogue({ validators }: LintInput, entry: AllowedTool, { path, tool }: Place): LintFinding[] {
  const { name } = entry;
  const findings: LintFinding[] = [];
  const isLimited = entry.constraints !== undefined || entry.when !== undefined || entry.args_schema !== undefined;
  if (GENERIC.test(name) && !isLimited) {
    const message = `\`${name}\` can do anything its arguments say, and nothing limits them.`;
    findings.push(
      warning("generic_tool", path, message, "Limit its arguments with `constraints`, `when` or `args_schema`."),
    );
  }
  if (tool === undefined) {
    const message = `\`${name}\` is not in the catalogue, so it is taken as irreversible with high blast radius.`;
    findings.push(warning("not_catalogued", `${path}/name`, message, "Register the tool with its schema and class."));
    return findings;
  }
  if (tool.status === "quarantined") {
    const message = `\`${name}\` is quarantined; every call is denied until a person accepts its definition.`;
    findings.push(warning("quarantined", `${path}/name`, message, "Review the tool's new definition."));
  }
  const why = validators.of(tool.argsSchema).fault();
  if (why !== null) {
    const message = `The catalogue's schema of \`${name}\` cannot be used, so every call is denied: ${why}`;
    findings.push(
      warning("tool_schema_unusable", `${path}/name`, message, "Register the tool again with a schema that compiles."),
    );
  }
  return findings;
}

/** A manifest may call a tool more dangerous than the catalogue does, never less. */
function lintClass(
  entry: AllowedTool,
  { path, tool }: { readonly path: string; readonly tool: CatalogueTool },
): LintFinding[] {
  const findings: LintFinding[] = [];
  const { reversibility, blast_radius: blastRadius } = entry;
  if (
    reversibility !== undefined &&
    REVERSIBILITIES.indexOf(reversibility) < REVERSIBILITIES.indexOf(tool.reversibility)
  ) {
    findings.push(loosened(`${path}/reversibility`, tool.reversibility, reversibility));
  }
  if (blastRadius !== undefined && BLAST_RADII.indexOf(blastRadius) < BLAST_RADII.indexOf(tool.blastRadius)) {
    findings.push(loosened(`${path}/blast_radius`, tool.blastRadius, blastRadius));
  }
  return findings;
}

function loosened(path: string, catalogue: string, manifest: string): LintFinding {
  const message = `The catalogue says \`${catalogue}\`; a manifest cannot loosen that to \`${manifest}\`.`;
  return error("class_loosened", path, message, "Remove the line, or have the catalogue changed.");
}

function lintPlace(
  { agent }: LintInput,
  { name, environments, max_rows: maxRows }: AllowedTool,
  path: string,
): LintFinding[] {
  const findings: LintFinding[] = [];
  if (environments !== undefined && !environments.includes(agent.environment)) {
    const message = `\`${name}\` may not run in ${agent.environment}, where this agent runs.`;
    findings.push(
      warning("never_runs_here", `${path}/environments`, message, `Add ${agent.environment}, or remove the tool.`),
    );
  }
  if (maxRows === 0) {
    findings.push(
      info(
        "asks_always",
        `${path}/max_rows`,
        "With `max_rows: 0` every call must be approved.",
        "Say `requires_approval: true` instead.",
      ),
    );
  }
  return findings;
}

function lintApprovalOf(entry: AllowedTool, { path, tool }: Place): LintFinding[] {
  const findings: LintFinding[] = [];
  const timeout = entry.approval_timeout_seconds;
  if (timeout !== undefined && timeout < SHORT_TIMEOUT_SECONDS) {
    const message = `Nobody can look at a call and decide within ${timeout} seconds.`;
    findings.push(
      warning("timeout_too_short", `${path}/approval_timeout_seconds`, message, "Give people a few minutes."),
    );
  }
  if (timeout !== undefined && timeout > LONG_TIMEOUT_SECONDS) {
    const message = "What is approved after a week is approved in another situation than it was proposed in.";
    findings.push(warning("timeout_too_long", `${path}/approval_timeout_seconds`, message, "Choose a shorter time."));
  }
  if (entry.auto_deny_on_timeout === false) findings.push(neverRuns(`${path}/auto_deny_on_timeout`));
  const asks = entry.requires_approval === true || mayAsk(entry, tool);
  const hasTerms = timeout !== undefined || entry.quorum !== undefined || entry.approver_role !== undefined;
  if (hasTerms && !asks) {
    const message = `\`${entry.name}\` says how it is approved, but is only ever asked about at low levels.`;
    findings.push(
      hint("approval_not_required", path, message, "Add `requires_approval: true` if every call should ask."),
    );
  }
  return findings;
}

const ASKING: ReadonlySet<Reversibility> = new Set(["partially_reversible", "irreversible"]);

const mayAsk = (entry: AllowedTool, tool: CatalogueTool | undefined) =>
  tool === undefined ||
  tool.blastRadius === "high" ||
  entry.max_rows !== undefined ||
  ASKING.has(entry.reversibility ?? tool.reversibility);

function lintSourcesOf({ manifest }: LintInput, entry: AllowedTool, path: string): LintFinding[] {
  const declared = compileSources(manifest, null).own;
  return (entry.sources ?? []).flatMap((name, index) => {
    if (declared.has(name)) return [];
    const message = `The source \`${name}\` is not declared, so every call of \`${entry.name}\` is denied.`;
    return [error("source_undeclared", `${path}/sources/${index}`, message, "Add it to `context.sources`.")];
  });
}

/** At the highest level a tool that can be taken back only in part needs another one that takes it back. */
function lintRollback(
  { manifest, catalogue, agent }: LintInput,
  entry: AllowedTool,
  { path, tool }: Place,
): LintFinding[] {
  const isAsked = agent.level === 4 && (entry.reversibility ?? tool?.reversibility) === "partially_reversible";
  if (entry.rollback === undefined && !isAsked) return [];
  const why = rollbackFault(entry.name, entry.rollback, {
    catalogue,
    allowed: new Set(manifest.tools.allowed.map(({ name }) => name)),
    blocked: compileBlocked(manifest.tools.blocked),
  });
  if (why === null) return [];
  const message = `At level 4 a person must approve every call of \`${entry.name}\`: ${why}.`;
  const fix = "Name a catalogued tool that this agent may use and that takes the call back.";
  if (entry.rollback === undefined) return [hint("no_rollback", path, message, fix)];
  return [warning("no_way_back", `${path}/rollback`, message, fix)];
}

/** Whether a tool's schema names an argument that looks like an address. */
export function takesAddress(tool: CatalogueTool): boolean {
  return [...argumentNames(tool.argsSchema)].some((name) => /url|uri|host|endpoint|webhook/i.test(name));
}
