import { describe, expect, test } from "vitest";

import { constrain, readingsOf, singularsOf } from "./constraint";

describe("singularsOf", () => {
  test.each([
    ["statuses", "status"],
    ["categories", "category"],
    ["addresses", "address"],
    ["amounts", "amount"],
    ["boxes", "box"],
    ["databases", "database"],
    ["movies", "movy"],
    ["order_ids", "order_id"],
    ["people", "person"],
    ["approved_indices", "approved_index"],
  ])("takes %s for several %s first", (plural, singular) => {
    expect(singularsOf(plural)[0]).toBe(singular);
  });

  test("keeps every singular that is possible", () => {
    expect(singularsOf("movies")).toContain("movie");
    expect(singularsOf("causes")).toContain("cause");
    expect(singularsOf("address")).toEqual([]);
  });
});

describe("constrain", () => {
  test("prefers the argument the tool has", () => {
    expect(constrain("allowed_movies", new Set(["movie", "year"]))).toMatchObject({ wanted: ["movie"], fits: true });
    expect(constrain("allowed_statuses", new Set(["statuses"]))).toMatchObject({
      wanted: ["statuses"],
      plural: "statuses",
      fits: true,
    });
  });

  test("reads a number's bound and a text's length by the tool's arguments", () => {
    expect(constrain("max_length_km", new Set(["length_km"]))).toMatchObject({ kind: "max", wanted: ["length_km"] });
    expect(constrain("max_length_note", new Set(["note"]))).toMatchObject({ kind: "max_length", wanted: ["note"] });
    expect(constrain("max_length_note", new Set())).toMatchObject({ kind: "max_length" });
  });

  test("fits nothing when the tool has no such argument", () => {
    expect(constrain("allowed_colours", new Set(["status"]))).toMatchObject({
      fits: false,
      wanted: ["colour", "colours"],
    });
  });

  test.each(["colour", "allowed_", "allow_x", "maximum_x", ""])("reads nothing into %j", (name) => {
    expect(readingsOf(name)).toEqual([]);
    expect(constrain(name, new Set())).toBeNull();
  });
});
