import { expect, test } from "vitest";

import { issueText } from "./issue-text";
import { sayRun } from "./say-run";
import { RunStep } from "./schema";
import { tellRun } from "./tell-run";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 27, 14, 19, seconds));
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;

const step = (n: number, tool: string, message: string) =>
  RunStep.parse({
    decision_id: uuid(n),
    step: n,
    call_id: "",
    at: at(n),
    tool,
    args: { secret: "not in the summary" },
    context: [],
    verdict: "deny",
    rule: null,
    reasons: [{ code: "blocked", message, path: "" }],
    score: 10,
    band: "low",
    approval: null,
    outcome: null,
  });

const RUN = {
  id: uuid(99),
  run: "r-1",
  session: "s-1",
  agent: "support",
  state: "running",
  started_at: at(0),
  last_at: at(9),
  ended_at: null,
  ended_reason: null,
  halted_reason: null,
} as const;

function textOf(run: string, ...steps: RunStep[]): string {
  const story = tellRun({ run: RUN, steps, events: [], votes: new Map(), feedback: [] });
  return issueText({ run: { ...RUN, run }, said: sayRun(story), ...story }, (path) => `https://desk.example${path}`);
}

test("a run's text says what happened, what was decided and where to read on", () => {
  expect(textOf("r-1", step(1, "drop_table", "The tool is blocked."))).toBe(`# Run \`r-1\` of \`support\`

- State: running. Session \`s-1\`, from 2026-11-27T14:19:00.000Z to 2026-11-27T14:19:09.000Z.
- Decisions: 1 (0 allowed, 0 asked, 1 refused). Ungoverned calls: 0. Errors: 0.
- [The run in Interlock](https://desk.example/runs/${uuid(99)})

## What happened

- \`drop_table was refused: The tool is blocked.\`

## Decisions and faults

- 2026-11-27T14:19:01.000Z \`drop_table\` deny: \`The tool is blocked.\`. [decision ${uuid(1)}](https://desk.example/decisions/${uuid(1)}).
`);
});

test.each([
  ["closes its span", "a`b @admin", "`` a`b @admin ``"],
  ["closes a longer one", "``` <img src=x>", "```` ``` <img src=x> ````"],
  ["breaks the line", "x\n# Approved\n- [x] done", "`x # Approved - [x] done`"],
  ["hides characters", "a\u202Eb", "`a[U+202E]b`"],
])("a name that %s stays in its code span", (_what, name, span) => {
  expect(textOf(name)).toContain(`# Run ${span} of`);
});

test("a long run is cut, and says so", () => {
  const steps = Array.from({ length: 45 }, (_, index) => step(index + 1, "t", "No."));
  expect(textOf("r-1", ...steps)).toContain("- and 5 more on the run’s page");
});
