import { expect, test } from "vitest";

import { copyStatement } from "./past-rows";

test("a copy has every column of the table, changed only where asked, and none the table lacks", () => {
  expect(copyStatement("runs", ["id", "state"], { id: "p.id", step: "1" }, "past p, runs t")).toBe(
    'INSERT INTO runs ("id", "state") SELECT p.id, t."state" FROM past p, runs t',
  );
});
