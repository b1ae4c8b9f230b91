import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Band } from "@/lib/core/decisions/schema";

import { chooseBatch, freeSeats, leaseEnd, leaseHoldsBack, leaseView, renewalFault } from "./batch";
import { inReviewerOrder, PIN_SECONDS } from "./order";

const now = new Date("2026-04-10T14:20:00Z");
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const SCORES: Record<Band, number> = { low: 10, elevated: 30, high: 60, critical: 90 };

const action = fc.record({
  id: fc.uuid(),
  band: fc.constantFrom<Band[]>("low", "elevated", "high", "critical"),
  seconds: fc.integer({ min: -60, max: 7_200 }),
  handed: fc.boolean(),
});
const actions = fc
  .uniqueArray(action, { selector: (one) => one.id, maxLength: 40 })
  .map((list) => list.map(({ seconds, ...one }) => ({ ...one, score: SCORES[one.band], expiresAt: at(seconds) })));

describe("the order of one reviewer", () => {
  test("loses nothing, adds nothing, and is the same every time", () => {
    fc.assert(
      fc.property(actions, fc.uuid(), (list, member) => {
        const ordered = inReviewerOrder(list, member, now);
        expect(ordered.map((one) => one.id).toSorted()).toEqual(list.map((one) => one.id).toSorted());
        expect(inReviewerOrder(list.toReversed(), member, now)).toEqual(ordered);
      }),
    );
  });

  test("pins criticals that are nearly or quite overdue, and gives everybody the same bands in the same places", () => {
    fc.assert(
      fc.property(actions, fc.uuid(), fc.uuid(), (list, one, other) => {
        const mine = inReviewerOrder(list, one, now);
        const pinned = list.filter((a) => a.band === "critical" && a.expiresAt <= at(PIN_SECONDS));
        expect(new Set(mine.slice(0, pinned.length))).toEqual(new Set(pinned));
        const theirs = inReviewerOrder(list, other, now);
        expect(theirs.map((a) => a.band)).toEqual(mine.map((a) => a.band));
      }),
    );
  });

  test("shuffles within a band, but not what is due soon", () => {
    const later = Array.from({ length: 20 }, (_, n) => ({
      id: `00000000-0000-4000-8000-0000000000${String(n + 10)}`,
      band: "high" as const,
      score: 60,
      expiresAt: at(3_600),
    }));
    const soon = { id: "00000000-0000-4000-8000-000000000099", band: "high" as const, score: 60, expiresAt: at(30) };
    const firsts = new Set<string>();
    for (let member = 0; member < 30; member += 1) {
      const [first, second] = inReviewerOrder([...later, soon], `member-${member}`, now);
      expect(first?.id).toBe(soon.id);
      firsts.add(second?.id ?? "");
    }
    expect(firsts.size).toBeGreaterThan(8);
  });
});

describe("chooseBatch", () => {
  test("never takes more than seven, whatever the setting says, and hands over what was handed", () => {
    fc.assert(
      fc.property(actions, fc.integer({ min: 1, max: 100 }), (list, size) => {
        const chosen = chooseBatch(list, { memberId: "m", size, now });
        expect(chosen.length).toBe(Math.min(list.length, size, 7));
        const handed = list.filter((one) => one.handed).length;
        expect(chosen.filter((one) => one.handed).length).toBe(Math.min(handed, chosen.length));
      }),
    );
  });

  test("takes the same actions for everybody: only their places differ", () => {
    fc.assert(
      fc.property(actions, fc.uuid(), fc.uuid(), (list, one, other) => {
        const ids = (memberId: string) =>
          chooseBatch(list, { memberId, size: 7, now })
            .map((a) => a.id)
            .toSorted();
        expect(ids(one)).toEqual(ids(other));
      }),
    );
  });
});

describe("leases", () => {
  test("as many people look as answers are missing, each on a seat of their own", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 5 }), (quorum, votes) => {
        const taken: number[] = [];
        for (let person = 0; person < 10; person += 1) {
          const [seat] = freeSeats(quorum, votes, taken);
          if (seat === undefined) break;
          expect(taken).not.toContain(seat);
          taken.push(seat);
        }
        expect(taken.length).toBe(Math.max(0, quorum - votes));
      }),
    );
  });

  test("hold ten minutes and never beyond their batch", () => {
    expect(leaseEnd(now, at(1_200))).toEqual(at(600));
    expect(leaseEnd(at(700), at(1_200))).toEqual(at(1_200));
  });

  test("are prolonged once, and not when nothing is held any more", () => {
    const batch = { renewedAt: null, endedAt: null, endsAt: at(600) };
    expect(renewalFault(batch, 3, now)).toBeNull();
    expect(renewalFault({ ...batch, renewedAt: now }, 3, now)).toBe("already_renewed");
    expect(renewalFault(batch, 0, now)).toBe("batch_ended");
    expect(renewalFault(batch, 3, at(600))).toBe("batch_ended");
    expect(renewalFault({ ...batch, endedAt: now }, 3, now)).toBe("batch_ended");
  });

  const lease = (memberId: string, name: string) => ({
    memberId,
    name,
    until: at(300),
    batchId: null,
    handedBy: null,
    note: "",
    askedBy: null,
    askedById: null,
  });

  test("name who has it, but nobody where that would tell of another's answer", () => {
    const one = leaseView([lease("mara", "Mara")], "noah", { quorum: 1, votes: 0 });
    expect(one.others).toEqual({ names: ["Mara"], until: at(300) });
    expect(leaseView([lease("mara", "Mara")], "noah", { quorum: 2, votes: 0 }).others).toBeNull();
    // Of these two, one says that somebody has voted. They must look the same.
    const voted = leaseView([lease("mara", "Mara")], "noah", { quorum: 2, votes: 1 });
    const two = leaseView([lease("mara", "Mara"), lease("ada", "Ada")], "noah", { quorum: 2, votes: 0 });
    expect(voted).toEqual(two);
  });

  test("never hold back a critical action, nor one that ends before they do", () => {
    const view = leaseView([lease("mara", "Mara")], "noah", { quorum: 1, votes: 0 });
    const item = (band: Band, seconds: number) => ({ id: "x", band, score: 1, expiresAt: at(seconds) });
    expect(leaseHoldsBack(view, item("low", 3_600), now)).toBe(true);
    expect(leaseHoldsBack(view, item("low", 200), now)).toBe(false);
    expect(leaseHoldsBack(view, item("critical", 3_600), now)).toBe(false);
  });
});
