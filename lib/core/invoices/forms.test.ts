import { expect, test } from "vitest";

import { ImportInvoiceForm } from "./forms";

const sent = (name: string) => ImportInvoiceForm.safeParse({ file: new File(["date"], name), provider: "" }).success;

test("a file is refused where its name holds U+0000, which could not be stored", () => {
  expect([sent("november.csv"), sent("november\0.csv")]).toEqual([true, false]);
});
