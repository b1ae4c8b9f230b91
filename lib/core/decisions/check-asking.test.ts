import { describe, expect, test } from "vitest";

import { checkAsking } from "./check-asking";
import type { AskingFacts } from "./facts";

const NOW = new Date("2026-04-08T10:00:30Z");

const asking = (changes: Partial<AskingFacts> = {}): AskingFacts => ({
  refusedSecondsAgo: null,
  repeatSeconds: 3_600,
  isPaused: false,
  joins: false,
  waiting: 0,
  most: 3,
  ...changes,
});

/** The answer to one who may not ask: code, words and after how many seconds asking again is of use. */
function refusalOf(changes: Partial<AskingFacts>) {
  const { verdict, rule, reasons } = checkAsking(asking(changes), NOW);
  if (verdict === "allow") return null;
  const [{ code, message, retry_after_seconds: retry } = { code: "", message: "" }] = reasons;
  expect({ verdict, rule }).toEqual({ verdict: "deny", rule: `requests.${code}` });
  return { code, message, retry };
}

describe("an agent", () => {
  test.each<[string, Partial<AskingFacts>]>([
    ["with nothing that waits", {}],
    ["with one place left", { waiting: 2 }],
    ["without a place, for what waits already", { waiting: 3, joins: true }],
    ["whose refusal held for its time", { refusedSecondsAgo: 3_600 }],
    ["whose refusals hold for no time", { refusedSecondsAgo: 0, repeatSeconds: 0 }],
  ])("%s may ask", (_name, changes) => {
    expect(refusalOf(changes)).toBeNull();
  });

  test.each<[string, Partial<AskingFacts>, string]>([
    ["just after a refusal", { refusedSecondsAgo: 3_599 }, "repeat_of_denied"],
    ["refused a time ago that is not a number", { refusedSecondsAgo: Number.NaN }, "repeat_of_denied"],
    ["that is paused", { isPaused: true }, "approval_paused"],
    ["that is paused, for what waits already", { isPaused: true, joins: true }, "approval_paused"],
    ["without a place", { waiting: 3 }, "approval_backlog"],
    ["with a count that is not a number", { waiting: Number.NaN }, "approval_backlog"],
    ["with a limit that is not a number", { most: Number.NaN }, "approval_backlog"],
    ["refused, paused and without a place", { refusedSecondsAgo: 1, isPaused: true, waiting: 9 }, "repeat_of_denied"],
    ["paused and without a place", { isPaused: true, waiting: 9 }, "approval_paused"],
  ])("%s may not", (_name, changes, code) => {
    expect(refusalOf(changes)?.code).toBe(code);
  });
});

describe("the words", () => {
  test("say who refused, when, why and until when, rounded to be kept", () => {
    const refusal = { verdict: "returned", note: "Wrong customer." } as const;
    expect(refusalOf({ refusedSecondsAgo: 600, refusal })).toEqual({
      code: "repeat_of_denied",
      message:
        "A person returned this call at 09:50 UTC. Their note: Wrong customer. It is refused without asking again until 10:51 UTC. Do something else.",
      retry: 3_000,
    });
  });

  test("leave out a note that nobody wrote", () => {
    const refusal = { verdict: "denied", note: "" } as const;
    expect(refusalOf({ refusedSecondsAgo: 0, refusal })?.message).toMatch(
      /^A person denied this call at 10:00 UTC\. It is/,
    );
    expect(refusalOf({ refusedSecondsAgo: 0 })?.message).toMatch(/^A person denied this call/);
  });

  test("name no time where none is known", () => {
    expect(refusalOf({ refusedSecondsAgo: Number.NaN })).toEqual({
      code: "repeat_of_denied",
      message:
        "A person denied this call at an unknown time. It is refused without asking again until an unknown time. Do something else.",
      retry: undefined,
    });
  });

  test("say until when an agent is paused, where that is known", () => {
    expect(refusalOf({ isPaused: true, pausedSeconds: 90.5 })).toEqual({
      code: "approval_paused",
      message:
        "This agent asked too often and is paused until 10:03 UTC, or until a person lets it ask again. Requests that wait keep waiting.",
      retry: 91,
    });
    expect(refusalOf({ isPaused: true })).toEqual({
      code: "approval_paused",
      message:
        "This agent asked too often and is paused until a person lets it ask again. Requests that wait keep waiting.",
      retry: undefined,
    });
  });

  test("say how many requests wait and may", () => {
    expect(refusalOf({ waiting: 4 })).toEqual({
      code: "approval_backlog",
      message:
        "4 requests of this agent are waiting for people, and at most 3 may. Wait for answers, or withdraw requests that are no longer needed.",
      retry: 60,
    });
  });
});
