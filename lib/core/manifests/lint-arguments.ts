import { judgeCommand } from "@/lib/core/commands/judge-command";
import { readShell } from "@/lib/core/commands/read-shell";
import { unreadSql } from "@/lib/core/commands/sql-reading";
import { nearestName } from "@/lib/core/shared/nearest-name";
import { argumentNames } from "@/lib/core/tools/argument-names";

import type { Condition } from "./condition-schema";
import { type CommandConstraint, isCommandConstraint } from "./command-constraint";
import type { ConstraintValue } from "./constraint-schema";
import { constrain, pluralOf, readingsOf } from "./constraint";
import { isIdName } from "./ids";
import { error, hint, info, type LintFinding, type LintInput, warning } from "./lint-finding";
import { takesAddress } from "./lint-tool";
import type { AllowedTool } from "./schema";

type Entry = { readonly entry: AllowedTool; readonly path: string; readonly known: ReadonlySet<string> };

/** What an entry of a manifest or a guardrail is held against. */
export type ArgumentInput = Pick<LintInput, "catalogue" | "validators"> & {
  readonly manifest: Pick<LintInput["manifest"], "egress">;
};

/** What an entry says about arguments, against the arguments the tool has. */
export function lintArguments(input: ArgumentInput, entry: AllowedTool, path: string): LintFinding[] {
  const tool = input.catalogue.get(entry.name);
  const known: ReadonlySet<string> = tool === undefined ? new Set() : argumentNames(tool.argsSchema);
  const place: Entry = { entry, path, known };
  const findings = [
    ...lintSchemas(input, place),
    ...lintConstraints(place),
    ...lintRanges(place),
    ...lintCondition(place),
    ...lintIds(place),
  ];
  if (tool !== undefined && entry.scope !== undefined && known.size > 0 && tool.scopeArgument === null) {
    if (!known.has("scope") && !known.has("fields")) findings.push(idleScope(place));
  }
  if (tool !== undefined && input.manifest.egress === undefined && takesAddress(tool)) {
    const message = `\`${entry.name}\` takes an address, and any host may be named.`;
    findings.push(hint("no_egress_list", path, message, "List the hosts in `egress.allow`."));
  }
  return findings;
}

function idleScope({ entry, path }: Entry): LintFinding {
  const message = `\`${entry.name}\` has no scope argument, so \`scope\` narrows nothing.`;
  return warning("idle_scope", `${path}/scope`, message, "Set the tool's `scope_argument` in the catalogue.");
}

function lintSchemas({ validators }: ArgumentInput, { entry, path }: Entry): LintFinding[] {
  return (["args_schema", "result_schema"] as const).flatMap((key) => {
    const schema = entry[key];
    const why = schema === undefined ? null : validators.of(schema).fault();
    if (why === null) return [];
    return [
      error(
        `${key}_invalid`,
        `${path}/${key}`,
        `The schema cannot be used: ${why}`,
        "Correct the schema; only `#/…` references are allowed.",
      ),
    ];
  });
}

function lintConstraints({ entry, path, known }: Entry): LintFinding[] {
  return Object.entries(entry.constraints ?? {}).flatMap(([name, value]) => {
    const here = `${path}/constraints/${name}`;
    if (isCommandConstraint(name)) return lintCommands(name, value, here);
    const meant = constrain(name, known);
    const findings: LintFinding[] = [];
    if (meant && !meant.fits) {
      const nearest = nearestConstraint(name, known);
      const fix = nearest === null ? `The tool takes ${[...known].join(", ")}.` : `Did you mean \`${nearest}\`?`;
      findings.push(
        error("constraint_unknown_argument", here, `\`${name}\` fits no argument of \`${entry.name}\`.`, fix),
      );
    }
    if (meant?.kind === "allowed" && Array.isArray(value) && value.length === 0) {
      findings.push(
        warning(
          "allows_nothing",
          here,
          "An empty list allows no value, so every call is denied.",
          "List the values, or remove the tool.",
        ),
      );
    }
    const open = meant?.kind === "prefix" ? [value].flat().find(isOpenEnded) : undefined;
    if (open !== undefined) {
      const message = `\`${String(open)}\` is also the beginning of other hosts.`;
      findings.push(warning("prefix_open_ended", here, message, "End it with a slash."));
    }
    return findings;
  });
}

/** Programs that run what a file of the project says. */
const RUNS_FILES =
  /^(?:npm|npx|pnpm|yarn|bun|make|just|cargo|go|gradle|mvn|python[\d.]*|node|ruby|perl|php|sh|bash|docker|terraform|ansible-playbook)$/;

function lintCommands(name: CommandConstraint, value: ConstraintValue, here: string): LintFinding[] {
  const entries = Array.isArray(value) ? value : [];
  if (entries.length === 0 && name !== "denied_commands")
    return [
      hint(
        "reads_only",
        here,
        "An empty list allows only what is known to only read.",
        "List the commands or statements it needs.",
      ),
    ];
  if (name === "allowed_statements") {
    return entries.flatMap((entry, index) =>
      typeof entry === "object" &&
      entry !== null &&
      "kind" in entry &&
      entry.tables === undefined &&
      entry.kind !== "show"
        ? [
            warning(
              "statement_any_table",
              `${here}/${index}`,
              `\`${entry.kind}\` is allowed on every table.`,
              "List the tables in `tables`.",
            ),
          ]
        : [],
    );
  }
  if (name === "denied_commands") return [];
  return entries.flatMap((entry, index) => lintCommand(entry, `${here}/${index}`));
}

function lintCommand(entry: Extract<ConstraintValue, readonly unknown[]>[number], path: string): LintFinding[] {
  const line =
    typeof entry === "object" && entry !== null && "program" in entry
      ? [entry.program, entry.subcommand ?? ""].join(" ").trim()
      : String(entry);
  const [program = ""] = line.split(" ");
  const findings: LintFinding[] = [];
  if (RUNS_FILES.test(program)) {
    const message = `\`${line}\` runs whatever the project's files say, and those may be changed by another call.`;
    findings.push(
      info("command_runs_files", path, message, "Allow it only where the agent cannot change those files."),
    );
  }
  const terms = { commands: [], statements: [], readSql: unreadSql };
  const isDestructive = judgeCommand(readShell(line), terms).some(({ harm }) => harm === "destructive");
  if (isDestructive) {
    const message = `\`${line}\` destroys, so a person is asked each time although it is named.`;
    findings.push(info("command_always_asks", path, message, "Keep it to say which such commands may be asked for."));
  }
  return findings;
}

/** `https://api.example.com` is a prefix of `https://api.example.com.evil.net` to who compares letters. */
const isOpenEnded = (value: unknown) => typeof value === "string" && /^[a-z][a-z\d+.-]*:\/\/[^/]*$/i.test(value);

function nearestConstraint(name: string, known: ReadonlySet<string>): string | null {
  const [reading] = readingsOf(name);
  if (!reading) return null;
  const candidates = [...known].flatMap((argument) =>
    reading.kind === "allowed" || reading.kind === "denied"
      ? [`${reading.kind}_${pluralOf(argument)}`, `${reading.kind}_${argument}`]
      : [`${reading.kind}_${argument}`],
  );
  return nearestName(name, candidates);
}

/** Bounds and lists that contradict each other let nothing through. */
function lintRanges({ entry, path }: Entry): LintFinding[] {
  const constraints = new Map(Object.entries(entry.constraints ?? {}));
  const findings: LintFinding[] = [];
  for (const [name, value] of constraints) {
    const least = name.startsWith("min_") ? value : null;
    const most = constraints.get(name.replace("min_", "max_"));
    if (typeof least === "number" && typeof most === "number" && least > most) {
      const message = `\`${name}\` is ${least} and the maximum is ${most}, so no value passes.`;
      findings.push(error("empty_range", `${path}/constraints/${name}`, message, "Correct one of the two."));
    }
    const denied = name.startsWith("allowed_") ? constraints.get(name.replace("allowed_", "denied_")) : undefined;
    const both = Array.isArray(value) && Array.isArray(denied) ? value.filter((item) => denied.includes(item)) : [];
    if (both.length > 0) {
      const message = `${both.map(String).join(", ")} is both allowed and denied; denied wins.`;
      findings.push(
        warning("allowed_and_denied", `${path}/constraints/${name}`, message, "Remove it from one of the two."),
      );
    }
  }
  return findings;
}

/** An argument the tool does not have is never certain, so the condition never holds. */
function lintCondition({ entry, path, known }: Entry): LintFinding[] {
  if (entry.when === undefined || known.size === 0) return [];
  const missing = argumentsOf(entry.when).filter((name) => !known.has(name));
  return [...new Set(missing)].map((name) => {
    const nearest = nearestName(name, [...known]);
    const fix = nearest === null ? `The tool takes ${[...known].join(", ")}.` : `Did you mean \`${nearest}\`?`;
    return error(
      "condition_unknown_argument",
      `${path}/when`,
      `\`when\` asks for \`${name}\`, which \`${entry.name}\` does not take.`,
      fix,
    );
  });
}

function argumentsOf(condition: Condition): readonly string[] {
  if ("all" in condition) return condition.all.flatMap(argumentsOf);
  if ("any" in condition) return condition.any.flatMap(argumentsOf);
  if ("not" in condition) return argumentsOf(condition.not);
  const name = condition.arg.startsWith("/") ? condition.arg.split("/")[1] : condition.arg;
  return name === undefined ? [] : [name.replaceAll("~1", "/").replaceAll("~0", "~")];
}

function lintIds({ entry, path, known }: Entry): LintFinding[] {
  if (entry.ids_only !== true || known.size === 0 || [...known].some(isIdName)) return [];
  const message = `\`${entry.name}\` takes no argument that names a record by id, so every call is denied.`;
  return [
    error("ids_only_without_id", `${path}/ids_only`, message, "Remove the line, or give the tool an id argument."),
  ];
}
