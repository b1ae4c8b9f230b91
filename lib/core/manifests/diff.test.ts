import { describe, expect, test } from "vitest";

import { classifyChange } from "./diff";
import { EXAMPLE_MANIFEST } from "./example";
import { parseManifest } from "./parse";

function read(text: string) {
  const parsed = parseManifest(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.manifest;
}

const example = read(EXAMPLE_MANIFEST);
const changed = (from: string, to: string) => classifyChange(example, read(EXAMPLE_MANIFEST.replace(from, to)));
const BASE = "agent: {id: a}\ntools:\n  allowed:\n    - name: t\n";
const entry = (before: string, after: string) => classifyChange(read(`${BASE}${before}`), read(`${BASE}${after}`));

describe("classifyChange", () => {
  test("sees no change in comments, order and spelling", () => {
    const same = EXAMPLE_MANIFEST.replace("max_cost_usd: 1.50", "max_cost_usd: 1.5 # dollars");

    expect(classifyChange(example, read(same))).toEqual({ kind: "neutral", changes: [] });
  });

  test("takes the first manifest as widening, tool by tool", () => {
    const { kind, changes } = classifyChange(null, example);

    expect(kind).toBe("widening");
    expect(changes.map(({ sentence }) => sentence)).toContain("May now use `send_customer_email`.");
  });

  test.each([
    ["fewer steps", "max_steps: 20", "max_steps: 10", "narrowing"],
    ["more steps", "max_steps: 20", "max_steps: 21", "widening"],
    ["no limit of steps", "  max_steps: 20\n", "", "widening"],
    ["no escalation", '"halt_and_escalate"', '"halt"', "widening"],
    ["one status less", ', "closed"', "", "narrowing"],
    ["one status more", '"closed"', '"closed", "archived"', "widening"],
    ["other statuses", '"open"', '"opened"', "widening"],
    ["a wider scope", '"order_history"', '"order_history", "ssn"', "widening"],
    ["a narrower scope", ', "order_history"', "", "narrowing"],
    ["no approval", "requires_approval: true", "requires_approval: false", "widening"],
    ["more time to approve", "approval_timeout_seconds: 300", "approval_timeout_seconds: 600", "widening"],
    ["less time to approve", "approval_timeout_seconds: 300", "approval_timeout_seconds: 100", "narrowing"],
    ["a block less", '    - "bulk_send_email"\n', "", "widening"],
    ["a block replaced by a pattern that covers it", '"bulk_send_email"', '"bulk_*"', "narrowing"],
    [
      "a tool less",
      '    - name: "read_customer_record"\n      scope: ["contact_info", "order_history"]\n',
      "",
      "narrowing",
    ],
    ["another identity", "support-agent@company.iam", "root@company.iam", "widening"],
    ["a tool more", "  blocked:", '    - name: "refund"\n  blocked:', "widening"],
  ])("%s is %s → %s", (_what, from, to, kind) => {
    expect(changed(from, to).kind).toBe(kind);
  });

  test.each([
    ["a new condition", "", "      when: {arg: x, equals: 1}", "narrowing"],
    [
      "a condition with one more demand",
      "      when: {arg: x, equals: 1}",
      "      when: {all: [{arg: y, equals: 2}, {arg: x, equals: 1}]}",
      "narrowing",
    ],
    [
      "a condition with a way round it",
      "      when: {arg: x, equals: 1}",
      "      when: {any: [{arg: x, equals: 1}, {arg: y, equals: 2}]}",
      "widening",
    ],
    [
      "a condition that is another one",
      "      when: {arg: x, at_most: 5}",
      "      when: {arg: x, at_most: 4}",
      "widening",
    ],
    ["no condition", "      when: {arg: x, equals: 1}", "", "widening"],
    [
      "a longer prefix",
      "      constraints: {prefix_path: /srv/}",
      "      constraints: {prefix_path: /srv/app/}",
      "narrowing",
    ],
    [
      "a shorter prefix",
      "      constraints: {prefix_path: /srv/app/}",
      "      constraints: {prefix_path: /srv/}",
      "widening",
    ],
    ["a higher minimum", "      constraints: {min_x: 1}", "      constraints: {min_x: 2}", "narrowing"],
    [
      "one more denied value",
      "      constraints: {denied_xs: [a]}",
      "      constraints: {denied_xs: [a, b]}",
      "narrowing",
    ],
    [
      "another window",
      "      windows: [{from: '09:00', to: '17:00', timezone: UTC}]",
      "      windows: [{from: '09:00', to: '18:00', timezone: UTC}]",
      "widening",
    ],
    ["a source more", "      sources: [a]", "      sources: [a, b]", "narrowing"],
    ["a source less", "      sources: [a, b]", "      sources: [a]", "widening"],
    ["an environment more", "      environments: [staging]", "      environments: [staging, production]", "widening"],
    ["environments at all", "", "      environments: [staging]", "narrowing"],
    ["conditions for ids", "      ids_only: true", "", "widening"],
    ["ids for conditions", "      ids_only: false", "      ids_only: true", "narrowing"],
    ["more rows", "      max_rows: 5", "      max_rows: 6", "widening"],
    ["rows limited", "", "      max_rows: 6", "narrowing"],
    ["a result unchecked", "      result_schema: {type: object}", "", "widening"],
    ["a constraint less", "      constraints: {max_x: 1, min_x: 0}", "      constraints: {max_x: 1}", "widening"],
    ["a constraint more", "      constraints: {max_x: 1}", "      constraints: {max_x: 1, prefix_y: a}", "narrowing"],
    [
      "another folder that begins like the old one",
      "      constraints: {prefix_p: /srv/app}",
      "      constraints: {prefix_p: /srv/application}",
      "widening",
    ],
    [
      "a first list of allowed commands, which also gives",
      "      max_rows: 5",
      "      max_rows: 5\n      constraints: {allowed_commands: [npm test]}",
      "widening",
    ],
    [
      "fewer allowed commands",
      "      constraints: {allowed_commands: [npm test, make]}",
      "      constraints: {allowed_commands: [make]}",
      "narrowing",
    ],
    [
      "another demotion",
      "autonomy: {demote: {criteria: {min_days: 1}}}",
      "autonomy: {demote: {criteria: {min_days: 2}}}",
      "widening",
    ],
    ["another rollback", "      rollback: undo_a", "      rollback: undo_b", "widening"],
    ["a lower limit of calls", "      limits: {per_run: 5}", "      limits: {per_run: 4}", "narrowing"],
    ["a further limit of calls", "      limits: {per_run: 5}", "      limits: {per_run: 5, per_day: 9}", "narrowing"],
    [
      "a source declared that tools waited for",
      "      sources: [s]",
      "      sources: [s]\ncontext: {sources: [{name: s}]}",
      "widening",
    ],
    ["a source declared that nobody needs", "", "context: {sources: [{name: s}]}", "neutral"],
    ["a stricter class", "", "      blast_radius: high", "narrowing"],
    ["a looser class", "      blast_radius: high", "      blast_radius: low", "widening"],
    ["more people", "      quorum: 1", "      quorum: 2", "narrowing"],
    ["another role", "      approver_role: reviewer", "      approver_role: admin", "widening"],
    ["the default written out", "", "      quorum: 1", "neutral"],
    [
      "a schema changed",
      "      args_schema: {type: object}",
      "      args_schema: {type: object, required: [a]}",
      "widening",
    ],
    ["hosts fenced", "", "egress: {allow: [a.example]}", "narrowing"],
    ["hosts unfenced", "egress: {allow: [a.example]}", "", "widening"],
    [
      "a host that a wildcard covered",
      "egress: {allow: ['*.a.example']}",
      "egress: {allow: [x.a.example]}",
      "narrowing",
    ],
    ["a wildcard for a host", "egress: {allow: [x.a.example]}", "egress: {allow: ['*.a.example']}", "widening"],
    [
      "a shorter TTL",
      "context: {sources: [{name: s, ttl_seconds: 60}]}",
      "context: {sources: [{name: s, ttl_seconds: 30}]}",
      "narrowing",
    ],
    ["no TTL", "context: {sources: [{name: s, ttl_seconds: 60}]}", "context: {sources: [{name: s}]}", "widening"],
    ["a lower risk threshold", "risk: {require_approval_at: 60}", "risk: {require_approval_at: 50}", "narrowing"],
    ["a default", "", "execution: {max_cost_usd: 1, default_estimate_usd: 0.1}", "widening"],
    [
      "a higher default",
      "execution: {default_estimate_usd: 0.1, default_estimate_tokens: 5}",
      "execution: {default_estimate_usd: 0.2, default_estimate_tokens: 9}",
      "narrowing",
    ],
    ["a lower default", "execution: {default_estimate_usd: 0.2}", "execution: {default_estimate_usd: 0.1}", "widening"],
    ["a default less", "execution: {default_estimate_tokens: 5}", "execution: {}", "widening"],
    ["a lighter weight", "", "risk: {weights: {rows: 1}}", "widening"],
    ["owners and cases", "", "owners: {sre: x}\ntests: [{call: {tool: t}, expect: allow}]", "neutral"],
    ["the responsible person may approve", "", "approval: {separation_of_duties: false}", "widening"],
    ["a sequence less", "sequences: [{name: s, count: {tool: t, over: 3}, within: run, decide: deny}]", "", "widening"],
  ])("%s: %s → %s is %s", (_what, before, after, kind) => {
    expect(entry(before, after).kind).toBe(kind);
  });

  test("says where and what, for people", () => {
    expect(changed("max_steps: 20", "max_steps: 30").changes).toEqual([
      { path: "/execution/max_steps", kind: "widening", sentence: "`max_steps` goes from 20 to 30." },
    ]);
  });
});
