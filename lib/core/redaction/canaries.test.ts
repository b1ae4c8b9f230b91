import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";

import type { AgentEvent } from "@/lib/core/traces/event";
import { eventOf } from "@/lib/testing/agent-event";
import { type Canary, canariesOf, FURTHER_WRAPPINGS, type Wrapping, WRAPPINGS } from "@/lib/testing/canaries";

import { compileRedactor } from "./redact";
import { redactEvent } from "./redact-event";
import { RedactionSettings } from "./schema";

const hash = (text: string) => createHmac("sha256", "workspace key of this test").update(text).digest("hex");
const redactor = compileRedactor(RedactionSettings.parse({ keep_content: true }), "support-triage", hash);

const EVENT = eventOf({
  producer: "openinference.instrumentation.openai 4.2.7",
  name: "execute_tool crm.updateCase",
  kind: "tool",
  agentId: "support-triage",
  tool: { name: "crm.updateCase", callId: null, args: { caseId: "C-88319" } },
});

/** Everywhere that a sender can put a text. */
const PLACES: readonly ((text: string) => AgentEvent)[] = [
  (name) => ({ ...EVENT, name }),
  (note) => ({ ...EVENT, tool: { name: "t", callId: null, args: { rows: [{ note }] } } }),
  (text) => ({ ...EVENT, content: { "gen_ai.input.messages": [{ role: "user", parts: [{ text }] }] } }),
  (message) => ({ ...EVENT, error: { type: "Error", message } }),
  (value) => ({ ...EVENT, unread: { "app.note": value } }),
  (key) => ({ ...EVENT, unread: { [key]: 1 } }),
  (tag) => ({ ...EVENT, dimensions: { ...EVENT.dimensions, tags: ["beta", tag] } }),
  (id) => ({ ...EVENT, retrieval: { index: "kb", docIds: [id], asOf: [null] } }),
  (label) => ({ ...EVENT, evaluations: [{ name: "tone", score: 1, label }] }),
  (customer) => ({ ...EVENT, dimensions: { ...EVENT.dimensions, customer } }),
];

const SENTENCES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `the caller wrote ${text} and left`,
  (text) => `value="${text}", then more`,
];

/** Whether half of the secret, or more, is still there in its wrapping. */
function leaks(output: string, canary: Canary, { isBlock, wrap }: Wrapping): boolean {
  const hidden = isBlock ? wrap(canary.text) : wrap(canary.needle);
  const core = hidden.startsWith("{") ? canary.needle : hidden;
  const written = (text: string) => JSON.stringify(text).slice(1, -1);
  const half = Math.ceil(core.length / 2);
  return [core.slice(0, half), core.slice(half), canary.needle].some(
    (part) => output.includes(part) || output.includes(written(part)),
  );
}

const canaries = canariesOf(20_260_410, 5);

function rate(wrapping: Wrapping, of = canaries): { readonly tries: number; readonly missed: readonly string[] } {
  const missed: string[] = [];
  let tries = 0;
  for (const [at, canary] of of.entries()) {
    for (const [which, place] of PLACES.entries()) {
      const wrapped = wrapping.wrap(canary.text);
      const sentence = SENTENCES[(at + which) % SENTENCES.length] ?? ((text: string) => text);
      const sent = place(wrapped.startsWith("{") ? wrapped : sentence(wrapped));
      const output = JSON.stringify(redactEvent(redactor, sent).value);
      tries += 1;
      if (leaks(output, canary, wrapping))
        missed.push(`${canary.label} as ${wrapping.name} in place ${which}: ${wrapped}`);
    }
  }
  return { tries, missed };
}

const table: string[] = [];
const line = ({ name }: Wrapping, { tries, missed }: ReturnType<typeof rate>) =>
  table.push(
    `${name.padEnd(24)} ${tries - missed.length} of ${tries}  ${(((tries - missed.length) / tries) * 100).toFixed(1)} %`,
  );

describe("canaries", () => {
  test("there are two hundred and more, of every detector that looks at texts", () => {
    expect(canaries.length).toBeGreaterThanOrEqual(200);
    expect(new Set(canaries.map(({ detector }) => detector)).size).toBe(10);
  });

  test.each(WRAPPINGS)("none survives in any place, wrapped as: $name", (wrapping) => {
    const result = rate(wrapping);
    line(wrapping, result);
    expect(result.missed).toEqual([]);
  });

  test.each(FURTHER_WRAPPINGS)("how many are found, wrapped as: $name", (wrapping) => {
    line(wrapping, rate(wrapping, canariesOf(7, 1)));
    expect(table.length).toBeGreaterThan(0);
  });

  test("the rates", () => {
    process.stdout.write(`\nCanaries found, by wrapping\n${table.join("\n")}\n`);
    expect(table).toHaveLength(WRAPPINGS.length + FURTHER_WRAPPINGS.length);
  });

  test("what is found is told by detector and place and never by its text", () => {
    for (const canary of canaries) {
      const place = PLACES[1];
      const { redactions, value } = redactEvent(redactor, place ? place(canary.text) : EVENT);
      expect({ label: canary.label, isFound: redactions.length > 0 }).toEqual({ label: canary.label, isFound: true });
      expect(JSON.stringify(redactions)).not.toContain(canary.needle);
      expect(redactions.every(({ place: where }) => where.startsWith("tool.args.rows.*.note"))).toBe(true);
      expect(redactEvent(redactor, value)).toEqual({ value, redactions: [] });
    }
  });
});
