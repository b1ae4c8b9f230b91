import { describe, expect, test } from "vitest";

import { createSeats } from "./seats";

const taken = (seat: ReturnType<ReturnType<typeof createSeats>["take"]>) => {
  if (typeof seat === "string") throw new Error(seat);
  return seat;
};

describe("seats", () => {
  test("are so many for each and so many in all, and free again when given back", () => {
    const seats = createSeats({ mostOfOne: 2, most: 3 });
    const first = taken(seats.take("ada"));
    taken(seats.take("ada"));
    expect(seats.take("ada")).toBe("own");
    taken(seats.take("ben"));
    expect(seats.take("cleo")).toBe("all");
    first();
    taken(seats.take("cleo"));
    expect(seats.take("ada")).toBe("all");
  });

  test("are given back once, however often that is said", () => {
    const seats = createSeats({ mostOfOne: 1 });
    const first = taken(seats.take("ada"));
    first();
    const second = taken(seats.take("ada"));
    first();
    expect(seats.take("ada")).toBe("own");
    second();
    taken(seats.take("ada"));
  });
});
