import { describe, expect, test } from "vitest";

import { type CatalogueTool, uncatalogued } from "@/lib/core/tools/schema";
import { createValidators } from "@/lib/core/tools/validators";

import { EXAMPLE_MANIFEST } from "./example";
import { lintManifest, placedFindings } from "./lint";
import type { LintFinding } from "./lint-finding";
import { parseManifest } from "./parse";

const validators = createValidators();
const agent = { handle: "a", level: 2, environment: "production" } as const;

const tool = (name: string, given: Partial<CatalogueTool> = {}): CatalogueTool => ({
  ...uncatalogued(name),
  reversibility: "reversible",
  blastRadius: "medium",
  ...given,
});
const ticket = tool("update_ticket", {
  argsSchema: { type: "object", properties: { ticket_id: {}, status: {}, amount: {}, webhook_url: {} } },
});
const catalogue = new Map([ticket, tool("read_record", { reversibility: "read" })].map((one) => [one.name, one]));

function lint(text: string, known = catalogue): readonly LintFinding[] {
  const parsed = parseManifest(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return lintManifest(parsed.manifest, known, agent, validators);
}

const withEntry = (entry: string, rest = "") => `agent: {id: a}\ntools:\n  allowed:\n    - ${entry}\n${rest}`;
const rulesOf = (text: string, severity?: string) =>
  lint(text)
    .filter((finding) => severity === undefined || finding.severity === severity)
    .map(({ rule }) => rule);

describe("lintManifest: errors", () => {
  test("finds nothing wrong with the example of the documentation", () => {
    const parsed = parseManifest(EXAMPLE_MANIFEST);
    if (!parsed.ok) throw new Error("the example does not parse");
    const findings = lintManifest(
      parsed.manifest,
      new Map(),
      { ...agent, handle: "customer-support-agent-v3" },
      validators,
    );

    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test.each([
    ["a manifest for another agent", "agent: {id: b}\ntools: {allowed: [{name: read_record}]}", "agent_id_mismatch"],
    [
      "a constraint that fits no argument",
      withEntry("{name: update_ticket, constraints: {allowed_stati: [open]}}"),
      "constraint_unknown_argument",
    ],
    [
      "a condition on an argument that is not there",
      withEntry("{name: update_ticket, when: {not: {arg: state, equals: x}}}"),
      "condition_unknown_argument",
    ],
    ["a tool that is there twice", withEntry("{name: read_record}\n    - {name: read_record}"), "duplicate_tool"],
    ["a pattern among the allowed", withEntry("{name: 'read_*'}"), "glob_in_allowed"],
    ["a name outside plain letters", withEntry("{name: 'read record'}"), "name_not_plain"],
    ["a look-alike of a catalogued tool", withEntry("{name: Read_Record}"), "confusable_name"],
    ["two look-alikes", withEntry("{name: ab1}\n    - {name: abl}"), "confusable_name"],
    ["a class that loosens the catalogue", withEntry("{name: update_ticket, reversibility: read}"), "class_loosened"],
    ["a radius that loosens the catalogue", withEntry("{name: update_ticket, blast_radius: none}"), "class_loosened"],
    [
      "a schema that does not compile",
      withEntry("{name: read_record, args_schema: {type: objekt}}"),
      "args_schema_invalid",
    ],
    [
      "a schema that would be fetched",
      withEntry("{name: read_record, args_schema: {$ref: 'http://169.254.169.254/x'}}"),
      "args_schema_invalid",
    ],
    [
      "a result schema that does not compile",
      withEntry("{name: read_record, result_schema: {foo: 1}}"),
      "result_schema_invalid",
    ],
    ["a source nobody declared", withEntry("{name: read_record, sources: [crm]}"), "source_undeclared"],
    [
      "a source declared twice",
      withEntry("{name: read_record}", "context: {sources: [{name: a, ttl_seconds: 1}, {name: a, ttl_seconds: 1}]}"),
      "duplicate_source",
    ],
    [
      "a cross-check against a source nobody declared",
      withEntry("{name: read_record}", "context: {sources: [{name: a, cross_check: {source: b, fields: [c]}}]}"),
      "cross_check_undeclared",
    ],
    [
      "a source held against itself",
      withEntry("{name: read_record}", "context: {sources: [{name: a, cross_check: {source: a, fields: [c]}}]}"),
      "cross_check_self",
    ],
    [
      "a fourth area of memory",
      withEntry("{name: read_record}", "context: {sources: [{name: memory.notes, ttl_seconds: 1}]}"),
      "memory_area_unknown",
    ],
    [
      "memory that is asked for and has no rule",
      withEntry("{name: read_record, sources: [memory.log]}"),
      "source_undeclared",
    ],
    [
      "a range that is empty",
      withEntry("{name: update_ticket, constraints: {min_amount: 5, max_amount: 3}}"),
      "empty_range",
    ],
  ])("finds %s", (_what, text, rule) => {
    expect(rulesOf(text, "error")).toContain(rule);
  });

  test("finds ids asked of a tool that takes none", () => {
    const known = new Map([["sweep", tool("sweep", { argsSchema: { type: "object", properties: { age: {} } } })]]);

    expect(lint(withEntry("{name: sweep, ids_only: true}"), known).map(({ rule }) => rule)).toContain(
      "ids_only_without_id",
    );
  });
});

describe("lintManifest: advice", () => {
  test.each([
    ["a rollback that is no way back", withEntry("{name: read_record, rollback: undo}"), "warning", "no_way_back"],
    ["a tool nobody catalogued", withEntry("{name: ghost}"), "warning", "not_catalogued"],
    [
      "an allow that a block shadows",
      withEntry("{name: read_record}", "  blocked: ['read_*']"),
      "warning",
      "shadowed_by_blocked",
    ],
    [
      "a timeout that sounds as if it allowed",
      withEntry("{name: read_record, auto_deny_on_timeout: false}"),
      "warning",
      "timeout_never_allows",
    ],
    [
      "a timeout nobody can meet",
      withEntry("{name: read_record, requires_approval: true, approval_timeout_seconds: 5}"),
      "warning",
      "timeout_too_short",
    ],
    [
      "a tool that never runs here",
      withEntry("{name: read_record, environments: [staging]}"),
      "warning",
      "never_runs_here",
    ],
    ["a scope that narrows nothing", withEntry("{name: update_ticket, scope: [a]}"), "warning", "idle_scope"],
    ["a generic tool without limits (T26)", withEntry("{name: run_sql}"), "warning", "generic_tool"],
    [
      "a prefix other hosts share",
      withEntry("{name: update_ticket, constraints: {prefix_webhook_url: 'https://api.example.com'}}"),
      "warning",
      "prefix_open_ended",
    ],
    [
      "a value both allowed and denied",
      withEntry("{name: update_ticket, constraints: {allowed_statuses: [a], denied_statuses: [a]}}"),
      "warning",
      "allowed_and_denied",
    ],
    [
      "another level than the agent's",
      withEntry("{name: read_record}", "autonomy: {level: 4}"),
      "warning",
      "level_differs",
    ],
    [
      "approval by the responsible person",
      withEntry("{name: read_record}", "approval: {separation_of_duties: false}"),
      "warning",
      "no_separation_of_duties",
    ],
    ["nothing allowed", "agent: {id: a}\ntools: {}", "warning", "nothing_allowed"],
    ["no limit of steps", withEntry("{name: read_record}"), "warning", "no_max_steps"],
    ["no limit of cost", withEntry("{name: read_record}"), "info", "no_max_cost"],
    ["no hosts for a tool that takes addresses", withEntry("{name: update_ticket}"), "hint", "no_egress_list"],
    ["no pinned case", withEntry("{name: read_record}"), "hint", "no_tests"],
    ["terms for a call that never asks", withEntry("{name: read_record, quorum: 2}"), "hint", "approval_not_required"],
  ])("mentions %s", (_what, text, severity, rule) => {
    expect(rulesOf(text, severity)).toContain(rule);
  });

  test("puts errors first, and says for each what to do", () => {
    const findings = lint(withEntry("{name: update_ticket, constraints: {allowed_statuss: [a]}}"));

    expect(findings[0]).toMatchObject({ severity: "error", fix: "Did you mean `allowed_statuses`?" });
    for (const { fix, message } of findings) {
      expect(fix).toMatch(/[.?]$/);
      expect(message).toMatch(/\.$|: /);
    }
  });

  test("knows the line of each finding in the text", () => {
    const text = withEntry("name: read_record\n      environments: [staging]");

    expect(placedFindings(lint(text), text)).toContainEqual(
      expect.objectContaining({ rule: "never_runs_here", line: 5, column: 7 }),
    );
  });
});

describe("lintManifest: what a call holds of which nothing is known", () => {
  const rules = (execution: string) =>
    rulesOf(withEntry("name: update_ticket", `execution: ${execution}`)).filter((rule) => rule.startsWith("default_"));

  test.each([
    ["{max_cost_usd: 1, default_estimate_usd: 1}", []],
    ["{max_cost_usd: 1, default_estimate_usd: 1.01}", ["default_over_limit"]],
    ["{daily_cost_usd: 1, default_estimate_usd: 2}", ["default_over_limit"]],
    ["{max_steps: 5, default_estimate_usd: 2}", ["default_unused"]],
    ["{max_cost_usd: 1, default_estimate_tokens: 2}", ["default_unused"]],
    ["{daily_tokens: 10, default_estimate_tokens: 11}", ["default_over_limit"]],
    ["{daily_tokens: 10, default_estimate_tokens: 10}", []],
  ])("%s: %j", (execution, wanted) => {
    expect(rules(execution)).toEqual(wanted);
  });

  test.each(["default_estimate_usd: 0", "default_estimate_usd: -1", "default_estimate_tokens: 0.5"])(
    "%s is no amount",
    (key) => {
      expect(parseManifest(withEntry("name: update_ticket", `execution: {${key}}`)).ok).toBe(false);
    },
  );
});
