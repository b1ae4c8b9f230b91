import { describe, expect, test } from "vitest";

import { type Acting, dutiesOf } from "./duties";
import { dependence, NO_FACTS, type PeopleFacts, type Tie } from "./independence";
import { dependenceText } from "./words";

const at = (hour: number) => new Date(Date.UTC(2026, 3, 10, hour));
const side = (memberId: string, ...more: string[]) => ({ memberId, answersFor: [memberId, ...more] });
const tie = (memberId: string, byId: string, hour = 12, kind: Tie["kind"] = "invitation"): Tie => ({
  memberId,
  byId,
  kind,
  until: at(hour),
});
const names = new Map(["ada", "ben", "cas", "dea"].map((name) => [name, name.charAt(0).toUpperCase() + name.slice(1)]));
const facts = (more: Partial<PeopleFacts> = {}): PeopleFacts => ({ ...NO_FACTS, names, coolingOffHours: 72, ...more });
const between = (one: string, other: string, known: PeopleFacts) => dependence(side(one), side(other), known);

describe("who counts as another person", () => {
  test("two whom nothing ties do", () => {
    expect(between("ada", "ben", facts())).toBeNull();
    expect(between("ada", "ben", facts({ ties: [tie("cas", "ada")] }))).toBeNull();
  });

  test("whom one invited does not, whichever of them is first", () => {
    const known = facts({ ties: [tie("ben", "ada")] });
    expect(between("ada", "ben", known)).toMatchObject({ why: "tied", until: at(12) });
    expect(between("ben", "ada", known)).toMatchObject({ why: "tied", until: at(12) });
  });

  test("neither do two whom the same person invited, nor whom an invited person invited", () => {
    expect(between("ben", "cas", facts({ ties: [tie("ben", "ada"), tie("cas", "ada")] }))).not.toBeNull();
    const chain = facts({ ties: [tie("ben", "ada", 6), tie("cas", "ben", 20)] });
    expect(between("ada", "cas", chain)).toMatchObject({ until: at(6), tie: { memberId: "ben" } });
  });

  test("the strongest of several ways holds them together", () => {
    const known = facts({ ties: [tie("ben", "ada", 6), tie("cas", "ada", 20), tie("ben", "cas", 15, "roles")] });
    expect(between("ada", "ben", known)).toMatchObject({ until: at(15), tie: { kind: "roles" } });
  });

  test("another account of the same person leads on as well", () => {
    const persons = new Map([
      ["dea", "ada"],
      ["ada", "ada"],
    ]);
    expect(between("ada", "dea", facts({ persons }))).toEqual({ why: "same_person" });
    expect(between("ben", "dea", facts({ persons, ties: [tie("ben", "ada")] }))).toMatchObject({ why: "tied" });
  });

  test("neither standing in for each other nor for the same person makes two", () => {
    expect(dependence(side("ben", "ada"), side("ada"), facts())).toEqual({ why: "stands_in" });
    expect(dependence(side("ben", "ada"), side("cas", "ada"), facts())).toEqual({ why: "stands_in" });
    expect(dependence(side("ben", "ada"), side("cas"), facts())).toBeNull();
  });

  test("whoever lately was handed the agent, or handed it on, is nobody's second for it", () => {
    const known = facts({ lateDris: [{ memberId: "ben", until: at(9) }] });
    expect(between("ada", "ben", known)).toEqual({ why: "dri_lately", memberId: "ben", until: at(9) });
    expect(between("ada", "cas", known)).toBeNull();
  });
});

test("every reason is a sentence with its end, and only an invitation has another way out", () => {
  const known = facts();
  expect(dependenceText({ why: "tied", tie: tie("ben", "ada"), until: at(12) }, known)).toBe(
    "Ben joined on an invitation from Ada less than 72 hours ago. They count as one person until 2026-04-10 12:00 UTC. Another person who is independent of both can confirm the invitation on the People page.",
  );
  expect(dependenceText({ why: "tied", tie: tie("ben", "ada", 12, "roles"), until: at(12) }, known)).toBe(
    "Ada changed the roles of Ben less than 72 hours ago. They count as one person until 2026-04-10 12:00 UTC.",
  );
  expect(dependenceText({ why: "dri_lately", memberId: "ben", until: at(9) }, known)).toBe(
    "Ben became or stopped being responsible for this agent less than 72 hours ago and cannot act for it before 2026-04-10 09:00 UTC.",
  );
});

describe("what two people can do today", () => {
  const acting = (memberId: string, more: Partial<Acting> = {}): Acting => ({
    ...side(memberId),
    name: names.get(memberId) ?? memberId,
    roles: ["admin", "reviewer"],
    disabled: false,
    joinedAt: at(0),
    canSignIn: true,
    ...more,
  });
  const approve = (members: readonly Acting[], known = facts()) => dutiesOf(members, known)[0];

  test("with one person nothing, and it says what to do", () => {
    expect(approve([])?.fault).toContain("nobody can do it yet");
    const [first, second, third] = dutiesOf([acting("ada")], facts());
    expect([first?.pair, second?.pair, third?.pair]).toEqual([null, null, null]);
    expect(first?.fault).toBe(
      "Approving what takes two reviewers needs two independent people, and only Ada can do it. Invite a second person with the reviewer role, or set up two people with the installation.",
    );
  });

  test("an invited, a disabled and a signed-out-for-good member are nobody", () => {
    for (const more of [{ joinedAt: null }, { disabled: true }, { canSignIn: false }])
      expect(approve([acting("ada"), acting("ben", more)])?.fault).toContain("only Ada can do it");
  });

  test("of people who all count as one, those who part first are named, however many there are", () => {
    const crowd = Array.from({ length: 40 }, (_, index) => acting(`c${index}`, { name: `C${index}` }));
    const ties = crowd.map(({ memberId }, index) => tie(memberId, "ada", index === 37 ? 5 : 20));
    const fault = approve([acting("ada"), ...crowd], facts({ ties }))?.fault;
    expect(fault).toContain("They count as one person until 2026-04-10 05:00 UTC.");
    // A second way that holds longer keeps them together.
    const held = facts({ ties: [...ties, tie("c37", "c3", 15, "roles")] });
    expect(approve([acting("ada"), ...crowd], held)?.fault).toContain("until 2026-04-10 15:00 UTC.");
  });

  test("whoever stands in for another never parts from them by time", () => {
    const both = [acting("ada"), acting("ben", { answersFor: ["ben", "ada"] })];
    const fault = approve(both, facts({ ties: [tie("ben", "ada")] }))?.fault;
    expect(fault).toContain("stands in for the other");
  });

  test("the pair that can is named, else who waits for what", () => {
    expect(approve([acting("ada"), acting("ben")])).toMatchObject({ pair: ["Ada", "Ben"], fault: null });
    const known = facts({ ties: [tie("ben", "ada")] });
    expect(approve([acting("ada"), acting("ben")], known)?.fault).toContain("Ben joined on an invitation from Ada");
    expect(approve([acting("ada"), acting("ben"), acting("cas")], known)?.pair).toEqual(["Ada", "Cas"]);
  });
});
