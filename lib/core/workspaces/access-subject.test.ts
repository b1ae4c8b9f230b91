import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type AccessSubject, AccessSubjectsForm, AccessSubjects, rowOf } from "./access-subject";

const sent = (rows: unknown) => AccessSubjectsForm.safeParse({ access_subjects: JSON.stringify(rows) });
const row = (more: object = {}) => ({ type: "workload", id: "", properties: "", agent: "billing-agent", ...more });
const faults = (rows: unknown) =>
  sent(rows).error?.issues.map(({ path, message }) => [path.join("/"), message] as const) ?? [];

describe("the form of access subjects", () => {
  test("reads rows into the rules of the setting", () => {
    const properties = 'team = finance\n\nlevel = 3\nactive=true\ncode = "007"\nurl = a=b';
    expect(sent([row(), row({ id: "bot", properties })]).data?.access_subjects).toEqual([
      { type: "workload", agent: "billing-agent" },
      {
        type: "workload",
        id: "bot",
        properties: { team: "finance", level: 3, active: true, code: "007", url: "a=b" },
        agent: "billing-agent",
      },
    ]);
    expect(sent([]).data).toEqual({ access_subjects: [] });
  });

  test.each([
    [row({ type: " " }), "access_subjects/1/type"],
    [row({ type: "agent" }), "access_subjects/1/type"],
    [row({ agent: "" }), "access_subjects/1/agent"],
    [row({ agent: "No Handle!" }), "access_subjects/1/agent"],
    [row({ properties: "team" }), "access_subjects/1/properties"],
    [row({ properties: "a = 1\na = 2" }), "access_subjects/1/properties"],
    [row({ properties: 'a = "open' }), "access_subjects/1/properties"],
    [row({ properties: "= 1" }), "access_subjects/1/properties"],
    [row({ id: "x".repeat(201) }), "access_subjects/1/id"],
  ])("says at which field of which rule a fault is: %o", (wrong, path) => {
    const [[at = "", message = ""] = []] = faults([row(), wrong]);
    expect(at.startsWith(path)).toBe(true);
    expect(message).not.toBe("");
  });

  test("refuses what is no list, and more rules than a workspace may have", () => {
    for (const text of ["", "{", "{}", "null", '"x"'])
      expect(AccessSubjectsForm.safeParse({ access_subjects: text }).success).toBe(false);
    expect(sent(Array.from({ length: 101 }, () => row())).success).toBe(false);
    expect(sent([{ ...row(), more: 1 }]).success).toBe(false);
  });

  test("a property named like a part of every object is only a name", () => {
    const read = sent([row({ properties: "__proto__ = x\nconstructor = y" })]);
    expect(
      read.success ? Object.getPrototypeOf(read.data.access_subjects[0]?.properties ?? {}) : Object.prototype,
    ).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  test("shows every rule so that it reads as the same rule", () => {
    const name = fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,8}$/);
    const value = fc.oneof(
      fc.boolean(),
      fc.integer({ min: -1_000, max: 1_000 }),
      fc.stringMatching(/^[ -~]{1,12}$/),
      fc.constantFrom("true", "7", "-1.5", '"', ' "x"', "0", "007", " a "),
    );
    const rule = fc.record({
      type: name.filter((type) => type !== "agent"),
      agent: fc.constant("a-1"),
      properties: fc.dictionary(name, value, { minKeys: 1, maxKeys: 3 }),
    });
    fc.assert(
      fc.property(rule, (given) => {
        const [known] = AccessSubjects.parse([given]);
        const read = sent([rowOf(known as AccessSubject)]);
        expect(read.data?.access_subjects).toEqual([known]);
      }),
    );
  });
});
