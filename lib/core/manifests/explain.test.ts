import { expect, test } from "vitest";

import { uncatalogued } from "@/lib/core/tools/schema";

import { EXAMPLE_MANIFEST } from "./example";
import { explainManifest } from "./explain";
import { parseManifest } from "./parse";

function sentences(text: string): Record<string, string> {
  const parsed = parseManifest(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const catalogue = new Map(parsed.manifest.tools.allowed.map(({ name }) => [name, uncatalogued(name)]));
  return Object.fromEntries(explainManifest(parsed.manifest, catalogue).map(({ path, sentence }) => [path, sentence]));
}

test("explains the example of the documentation in plain words", () => {
  expect(sentences(EXAMPLE_MANIFEST)).toMatchObject({
    "/tools/allowed/0": "May read customer record.",
    "/tools/allowed/0/scope": "Of that, only contact_info and order_history.",
    "/tools/allowed/1/constraints/allowed_statuses": "`status` must be open, in-progress or closed.",
    "/tools/allowed/2":
      "May send customer e-mail, but a person must approve each one within 5 minutes; otherwise it does not run.",
    "/tools/allowed": "May use nothing else: a tool that is not listed is denied.",
    "/execution/max_steps": "A run may make at most 20 attempts, refused ones included.",
    "/execution/max_wall_clock_seconds": "A run may take at most 90 seconds, not counting the wait for people.",
    "/execution/max_cost_usd": "A run may cost at most $1.50.",
    "/execution/on_budget_exceeded": "A run that meets one of these limits is halted for good and a person is told.",
  });
});

test("explains what a call holds of which nothing is known", () => {
  const text =
    "agent: {id: a}\ntools: {allowed: []}\nexecution: {default_estimate_usd: 0.05, default_estimate_tokens: 1}";
  const rest = "while it runs, unless it is known what its tool usually spends.";
  expect(sentences(text)).toMatchObject({
    "/execution/default_estimate_usd": `A call that does not say what it may spend holds $0.05 ${rest}`,
    "/execution/default_estimate_tokens": `A call that does not say what it may spend holds 1 token ${rest}`,
  });
});

test("explains every further rule where it stands", () => {
  const text = [
    "agent: {id: a}",
    "tools:",
    "  allowed:",
    "    - name: refundOrder",
    "      requires_approval: true",
    "      quorum: 2",
    "      approver_role: operator",
    "      when: {all: [{arg: amount, at_most: 50}, {not: {arg: env, in: [prod, live]}}]}",
    "      ids_only: true",
    "      max_rows: 5",
    "      windows: [{days: [mon, tue], from: '09:00', to: '17:00', timezone: UTC}]",
    "      sources: [crm]",
    "context: {sources: [{name: crm, ttl_seconds: 3600, scope_keys: [customer_id], on_stale: refetch}]}",
    "egress: {allow: [api.example.com]}",
    "risk: {require_approval_at: 50}",
  ].join("\n");

  expect(sentences(text)).toMatchObject({
    "/tools/allowed/0":
      "May refund order, but 2 different people with the role operator must approve each one within 1 hour; otherwise it does not run.",
    "/tools/allowed/0/when":
      "Only when `amount` is at most 50 and it is not so that `env` is prod or live; when that is not certain, it is denied.",
    "/tools/allowed/0/windows": "Only mon, tue 09:00–17:00 UTC.",
    "/context/sources/0":
      "Context from crm may be at most 1 hour old and must say for which customer_id it was read; when it is older, the agent is told to fetch it again.",
    "/egress/allow": "Arguments may name addresses at api.example.com only.",
    "/risk/require_approval_at": "Whatever the tool, a call with a risk of 50 or more must be approved by a person.",
  });
});
