import { expect, test } from "vitest";

import { isDatabaseAway } from "./database-away";

test.each([
  { code: "P2024" },
  { code: "57P01" },
  new Error("x", { cause: { code: "25P03", message: "terminating connection due to idle-in-transaction timeout" } }),
  { code: "ECONNREFUSED" },
  { code: "P2010", message: "Raw query failed. Code: `55P03`. Message: `canceling statement due to lock timeout`" },
  new Error("x", { cause: new Error("timeout exceeded when trying to connect") }),
  new Error("timeout expired"),
  new Error("Query read timeout"),
  new Error("Client has encountered a connection error and is not queryable"),
  new Error("Client was closed and is not queryable"),
])("%j is a database that was away", (error) => {
  expect(isDatabaseAway(error)).toBe(true);
});

test.each([
  new Error("undefined is not a function"),
  new Error("the timeout expired long ago"),
  { code: "P2002" },
  { code: "23505" },
  { message: "Raw query failed. Code: `23505`." },
  null,
  "P2024",
])("%j is not", (error) => {
  expect(isDatabaseAway(error)).toBe(false);
});
