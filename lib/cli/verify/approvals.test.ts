import { describe, expect, test } from "vitest";

import { createFindings } from "@/lib/core/ledger/finding";
import type { JsonObject } from "@/lib/core/shared/json";

import { createApprovals } from "./approvals";

const AT = "2026-04-10T12:00:00.000Z";
const later = (seconds: number) => new Date(Date.parse(AT) + seconds * 1_000).toISOString();

type Entry = readonly [kind: string, by: string, at: string, details?: JsonObject];
const vote = (by: string, seconds = 10): Entry => ["approval.vote", by, later(seconds), { verdict: "approve" }];
const approved = (seconds = 10, more: JsonObject = {}): Entry => [
  "approval.settle",
  "ada",
  later(seconds),
  { state: "approved", quorum: 1, ...more },
];
const undo = (by: string): Entry => ["approval.undo", by, later(12)];
const extend: Entry = ["approval.extend", "ada", later(5), { minutes: 10 }];

/** What is found about an approval with these entries that was used so many seconds after it was asked for. */
function found(usedAfter: number, ...entries: readonly Entry[]): readonly string[] {
  const [approvals, findings] = [createApprovals(), createFindings()];
  approvals.asked("a", { digest: "d", at: AT, index: 0 });
  approvals.terms("a", 0, { quorum: 1, timeoutSeconds: 300 });
  for (const [n, [kind, id, at, details = {}]] of entries.entries())
    approvals.note(kind, { at, actor: { id }, details: { approval_id: "a", action: "d", ...details } }, n + 1);
  approvals.used("a", { digest: "d", at: later(usedAfter), index: 99 });
  approvals.finish(findings);
  return findings.list.map(({ code }) => code);
}

test("what was taken back counts for nothing, and may be given anew", () => {
  expect(found(60, vote("ada"), approved())).toEqual([]);
  expect(found(60, vote("ada"), approved(), undo("ada"))).toEqual(["not_approved"]);
  expect(found(60, vote("ada"), approved(), undo("ada"), vote("ada", 20), approved(20))).toEqual([]);
  expect(found(60, vote("ada"), approved(), undo("ada"), approved(20))).toEqual(["no_quorum"]);
});

test("nothing is used while it can be taken back", () => {
  const settled = approved(10, { undo_seconds: 5 });
  expect(found(14, vote("ada"), settled)).toEqual(["undoable"]);
  expect(found(15, vote("ada"), settled)).toEqual([]);
});

test("its time is what it was asked for with, and what people added", () => {
  expect(found(600, vote("ada"), approved())).toEqual(["expired"]);
  expect(found(600, extend, vote("ada"), approved())).toEqual([]);
  expect(found(901, extend, vote("ada"), approved())).toEqual(["expired"]);
  const odd: Entry = ["approval.extend", "ada", later(5), { minutes: "x" }];
  expect(found(600, odd, vote("ada"), approved())).toEqual(["expired"]);
});

describe("two who approve", () => {
  const account = (id: string, more: { person?: string; answers?: readonly string[] } = {}) => ({
    account: id,
    person: more.person ?? id,
    answers_for: [...(more.answers ?? [id])],
  });
  const of = (me: JsonObject, beside: JsonObject[], more: JsonObject = {}) => ({
    me,
    beside,
    ties: [],
    dris: [],
    ...more,
  });
  const said = (by: string, people: JsonObject): Entry => [
    "approval.vote",
    by,
    later(10),
    { verdict: "approve", people },
  ];
  const both = (second: JsonObject) =>
    found(60, said("ada", of(account("ada"), [])), said("ben", second), approved(10, { quorum: 2 }));
  const tie = (member: string, by: string) => ({ member, by, kind: "invitation", until: later(9_000) });

  test("are two people", () => {
    expect(both(of(account("ben"), [account("ada")]))).toEqual([]);
    expect(both(of(account("ben"), [account("ada")], { ties: [tie("cleo", "ben")] }))).toEqual([]);
  });

  test("are not, by the rule that votes are judged by", () => {
    const ada = account("ada");
    expect(both(of(account("ben", { person: "ada" }), [ada]))).toEqual(["not_independent"]);
    expect(both(of(account("ben", { answers: ["ben", "ada"] }), [ada]))).toEqual(["not_independent"]);
    expect(both(of(account("ben"), [ada], { ties: [tie("ben", "ada")] }))).toEqual(["not_independent"]);
    const ways = { ties: [tie("ben", "cleo"), tie("ada", "cleo")] };
    expect(both(of(account("ben"), [ada], ways))).toEqual(["not_independent"]);
    const dris = { dris: [{ account: "ben", until: later(9_000) }] };
    expect(both(of(account("ben"), [ada], dris))).toEqual(["not_independent"]);
  });

  test("are not proven to be where a vote leaves out the other, says nothing or speaks for somebody else", () => {
    expect(both(of(account("ben"), []))).toEqual(["people_missing"]);
    expect(both(of(account("cleo"), [account("ada"), account("ben")]))).toEqual(["people_missing"]);
    expect(found(60, vote("ada"), vote("ben"), approved(10, { quorum: 2 }))).toEqual([
      "unproven_people",
      "unproven_people",
    ]);
  });
});
