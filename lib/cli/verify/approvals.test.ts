import { expect, test } from "vitest";

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
