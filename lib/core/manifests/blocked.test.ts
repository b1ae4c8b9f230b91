import { describe, expect, test } from "vitest";

import { blockedBy, compileBlocked } from "./blocked";
import { globMatches } from "./glob";

describe("globMatches", () => {
  test.each([
    ["delete_*", "delete_record", true],
    ["delete_*", "undelete_record", false],
    ["*_raw", "access_payment_raw", true],
    ["*a*b*", "xxaxxbxx", true],
    ["*a*b*", "xxbxxaxx", false],
    ["rm_?", "rm_x", true],
    ["rm_?", "rm_", false],
    ["*", "", true],
    ["**", "anything", true],
    ["a*a", "a", false],
  ])("%s against %s is %s", (pattern, name, matches) => {
    expect(globMatches(pattern, name)).toBe(matches);
  });

  test("takes no longer than both lengths multiplied", () => {
    const started = performance.now();

    expect(globMatches(`${"*a".repeat(60)}b`, "a".repeat(256))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("blockedBy (T27)", () => {
  const list = compileBlocked(["delete_customer", "bulk_*", "drop.table"]);

  test.each([
    "delete_customer",
    "Delete_Customer",
    "d\u0435lete_customer",
    "delete_custome\u200br",
    "ｄelete_customer",
    "BULK_send",
    "bu\u217ck_send",
  ])("blocks %s", (name) => {
    expect(blockedBy(list, name)?.verdict).toBe("deny");
  });

  test.each(["delete_customers", "undelete_customer", "send_bulk", "drop_table"])("leaves %s alone", (name) => {
    expect(blockedBy(list, name)).toBeNull();
  });

  test("names the first line that blocks", () => {
    const rule = blockedBy(compileBlocked(["other", "bulk_*", "bulk_send"]), "bulk_send")?.rule;

    expect(rule).toBe("tools.blocked[1]");
  });
});
