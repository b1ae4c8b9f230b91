import { describe, expect, test } from "vitest";

import { Effect } from "@/lib/core/decisions/schema";

import { headlineOf, idsNamed, verbAndResource } from "./headline";
import { actText, headlineText } from "./headline-text";

describe("verbAndResource", () => {
  test.each([
    ["delete_customer_record", "DELETE", "customer record"],
    ["send_customer_email", "SEND", "customer email"],
    ["crm.contacts.delete", "DELETE", "crm contacts"],
    ["github__create_issue", "CREATE", "issue github"],
    ["cancelReservation", "CANCEL", "reservation"],
    ["update-ticket-status", "UPDATE", "ticket status"],
    ["think", "THINK", ""],
    ["order_items_delete", "DELETE", "order items"],
    ["order_parts", "ORDER", "parts"],
    ["get_order_by_id", "GET", "order by id"],
    ["customer_lookup", "LOOKUP", "customer"],
    ["frobnicate_widget", "CALL", "frobnicate_widget"],
    ["", "CALL", ""],
  ])("reads %s as %s, %s", (tool, verb, resource) => {
    expect(verbAndResource(tool)).toEqual({ verb, resource });
  });
});

describe("headlineOf", () => {
  const call = { tool: "delete_customer_record", environment: "production", reversibility: "irreversible" };
  const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

  test("counts the rows that the dry run touches", () => {
    const headline = headlineOf({ ...call, args: {}, effect: Effect.parse({ kind: "rows", before: rows(214) }) });
    expect(headlineText(headline)).toBe("DELETE 214 rows · customer record · production");
  });

  test("believes no total that is less than what is listed", () => {
    const headline = headlineOf({
      ...call,
      args: {},
      effect: Effect.parse({ kind: "rows", before: rows(5), total: 1 }),
    });
    expect(headline.count).toBe(5);
  });

  test("counts the ids that are bound when the dry run lists fewer", () => {
    const effect = Effect.parse({ kind: "rows", before: rows(1) });
    const headline = headlineOf({ ...call, args: { where: { customer_ids: ["a", "b", "c"] } }, effect });
    expect(actText(headline)).toBe("DELETE 3 records");
  });

  test("names what it is done to where nothing can be counted", () => {
    const headline = headlineOf({ ...call, tool: "send_customer_email", args: { to: "a@example.com" }, effect: null });
    expect([actText(headline), headlineText(headline)]).toEqual([
      "SEND customer email",
      "SEND customer email · production",
    ]);
  });

  test("takes nothing from what the agent says about itself", () => {
    const effect = Effect.parse({ kind: "rows", before: rows(1), resource: "harmless.test_data", note: "read only" });
    const headline = headlineOf({ ...call, args: { comment: "just reading" }, effect });
    expect(headlineText(headline)).toBe("DELETE 1 row · customer record · production");
  });

  test("leaves the count out where a reviewer has to find it", () => {
    const headline = headlineOf({ ...call, args: {}, effect: Effect.parse({ kind: "rows", before: rows(214) }) });
    expect(headlineText(headline, { hideCount: true })).not.toContain("214");
  });
});

test("the longest list of ids counts, however deep", () => {
  expect(idsNamed({ ids: [1], batch: [{ emails: ["a", "b"] }] })).toEqual(["a", "b"]);
  expect(idsNamed({ tags: ["a", "b"], note: "x" })).toBeNull();
});
