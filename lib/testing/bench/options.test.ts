import { expect, test } from "vitest";

import { readOptions } from "./options";

test("without flags everything runs except the part that needs a size", () => {
  const options = readOptions([]);
  expect(options.parts).toEqual(["engine", "durable", "open", "hot", "replicas", "stops", "far"]);
  expect(options).toMatchObject({ seconds: 5, rounds: 3, warm: 20_000, size: 0, quick: false, json: null });
});

test("a size adds the part that shows growth, and the part brings a size", () => {
  expect(readOptions(["--size=5000"])).toMatchObject({ size: 5_000, parts: expect.arrayContaining(["past"]) });
  expect(readOptions(["--only=past"])).toMatchObject({ size: 100_000, parts: ["past"] });
});

test("parts run in their own order, whatever the order asked for", () => {
  expect(readOptions(["--only=far,engine"]).parts).toEqual(["engine", "far"]);
});

test("--quick is shorter, and an explicit length still wins", () => {
  expect(readOptions(["--quick"])).toMatchObject({ seconds: 1, warm: 2_000 });
  expect(readOptions(["--quick", "--seconds=3", "--warm=500"])).toMatchObject({ seconds: 3, warm: 500 });
});

test.each([["--only=durabel"], ["--seconds=abc"], ["--seconds="], ["--size=-1"], ["--rounds=0"], ["--unknown"]])(
  "%s is refused",
  (flag) => {
    expect(() => readOptions([flag])).toThrow(/./);
  },
);
