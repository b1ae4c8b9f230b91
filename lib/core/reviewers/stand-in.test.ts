import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { later, redated, renamed, renamingOf } from "./stand-in";

const always = (digit: number) => (below: number) => digit % below;

describe("renamingOf", () => {
  test("gives numbers of the same shape, the same throughout a case", () => {
    const renaming = renamingOf(["ticket-88321", "ticket-88321-1"], always(4));
    if (renaming === null) throw new Error("there is a number to change");
    expect(renamed({ id: "#88321", n: 88321, list: ["ticket-88321", "C-1088321"] }, renaming)).toEqual({
      id: "#84444",
      n: 84444,
      list: ["ticket-84444", "C-1088321"],
    });
  });

  test("an id stays an id of its version", () => {
    const id = "0193e2b4-7c1a-7f00-9abc-0123456789ab";
    const renaming = renamingOf([id], always(5));
    expect(renamed(id, renaming ?? new Map())).toBe("55555555-5555-7555-9555-555555555555");
  });

  test("a case without a number of its own cannot become another", () => {
    expect(renamingOf(["cleanup-tuesday"], always(1))).toBeNull();
    expect(renamingOf(["nightly-20261117", "run-2026"], always(1))).toBeNull();
  });

  test("changes nothing but digits, and no length", () => {
    const name = fc.stringMatching(/^[a-z]{1,8}-[1-9]\d{2,8}$/);
    fc.assert(
      fc.property(name, fc.infiniteStream(fc.nat(9)), (session, digits) => {
        const draw = (below: number) => Number(digits.next().value) % below;
        const renaming = renamingOf([session], draw);
        if (renaming === null) return;
        const other = renamed(session, renaming);
        expect(other).not.toBe(session);
        expect(other).toHaveLength(session.length);
        expect(other.replaceAll(/\d/g, "0")).toBe(session.replaceAll(/\d/g, "0"));
      }),
    );
  });
});

describe("later", () => {
  test.each([
    ["2026-03-01T10:00:00Z", "2026-03-02T10:00:00Z"],
    ["2026-03-01T10:00:00.5Z", "2026-03-02T10:00:00.5Z"],
    ["2026-03-01T10:00:00.123Z", "2026-03-02T10:00:00.123Z"],
    ["2026-03-01T23:30:00+02:00", "2026-03-02T23:30:00+02:00"],
    ["tomorrow", "tomorrow"],
  ])("%s is %s a day later, in its own form", (text, expected) => {
    expect(later(text, 86_400_000)).toBe(expected);
  });

  test("moves by exactly the shift", () => {
    const time = fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(time, fc.nat(10_000_000_000), (at, shift) => {
        expect(Date.parse(later(at.toISOString(), shift))).toBe(at.getTime() + shift);
      }),
    );
  });
});

test("redated moves what was read and tried out, and no word of what was asked", () => {
  const call = {
    args: { due: "2026-03-01T10:00:00Z" },
    context: [{ source: "crm", as_of: "2026-03-01T09:59:00Z", scope: {} }],
    effect: { kind: "rows", as_of: "2026-03-01T09:59:30Z", before: [] },
  };
  expect(redated(call, 3_600_000)).toEqual({
    args: { due: "2026-03-01T10:00:00Z" },
    context: [{ source: "crm", as_of: "2026-03-01T10:59:00Z", scope: {} }],
    effect: { kind: "rows", as_of: "2026-03-01T10:59:30Z", before: [] },
  });
});
