import { describe, expect, test } from "vitest";

import type { Json, JsonObject } from "@/lib/core/shared/json";

import { createValidators } from "./validators";

const validators = createValidators();
const check = (schema: JsonObject, value: Json) => validators.of(schema).check(value);
const timed = (run: () => unknown) => {
  const started = performance.now();
  run();
  return performance.now() - started;
};

describe("createValidators", () => {
  test("reports each fault with its place, in words", () => {
    const schema: JsonObject = {
      type: "object",
      properties: {
        status: { enum: ["open", "closed"] },
        count: { type: "integer" },
        list: { type: "array", items: { type: "string" } },
      },
      required: ["status", "owner"],
      additionalProperties: false,
    };

    expect(check(schema, { statu: 1, count: "x", list: ["a", 1] })).toEqual({
      kind: "invalid",
      faults: [
        { path: "/count", message: "`count` must be of type integer." },
        { path: "/list/1", message: "Item /list/1 must be of type string." },
        { path: "/owner", message: "`owner` is required." },
        { path: "/statu", message: "`statu` is not an argument of this tool; did you mean `status`?" },
        { path: "/status", message: "`status` is required." },
      ],
    });
    expect(check(schema, { status: "archived" })).toMatchObject({
      faults: [{ path: "/owner" }, { message: "`status` must be one of open, closed." }],
    });
    expect(check({ ...schema, required: ["status"] }, { status: "open", list: [] })).toEqual({ kind: "valid" });
  });

  test("shares one validator among equal schemas", () => {
    expect(validators.of({ type: "object", title: "x" })).toBe(validators.of({ title: "x", type: "object" }));
  });

  test("keeps patterns of different arguments apart", () => {
    const schema: JsonObject = { properties: { a: { pattern: "^a" }, b: { pattern: "^b" } } };

    expect(check(schema, { a: "a", b: "b" })).toEqual({ kind: "valid" });
    expect(check(schema, { a: "b", b: "b" })).toMatchObject({ faults: [{ path: "/a" }] });
  });

  test("does not take what every object inherits for an argument", () => {
    expect(check({ required: ["constructor", "toString"] }, {})).toMatchObject({ kind: "invalid" });
  });

  test("reads annotations, formats and the drafts in use", () => {
    const schema: JsonObject = {
      $schema: "http://json-schema.org/draft-07/schema#",
      $id: "https://example.com/tool",
      title: "t",
      "x-origin": "generated",
      type: "object",
      definitions: { mail: { type: "string", format: "email", examples: ["a@b.example"], deprecated: true } },
      properties: { to: { $ref: "#/definitions/mail", description: "d" }, self: { $ref: "#" } },
    };

    expect(check(schema, { to: "a@b.example", self: { to: "a@b.example" } })).toEqual({ kind: "valid" });
    expect(check(schema, { self: { self: { to: "nobody" } } })).toMatchObject({ faults: [{ path: "/self/self/to" }] });
  });
});

describe("schemas that cannot be relied on (T54)", () => {
  const deep: JsonObject = JSON.parse(`${'{"not":'.repeat(60)}{}${"}".repeat(60)}`) as JsonObject; // an object, as written

  test.each<[string, JsonObject]>([
    ["a remote reference", { $ref: "http://169.254.169.254/x" }],
    ["a remote reference inside", { properties: { a: { items: { $ref: "//evil.example/s" } } } }],
    ["a reference to a file", { $ref: "file:///etc/passwd" }],
    ["a reference to nowhere", { $ref: "#/$defs/none" }],
    ["thousands of branches", { anyOf: Array.from({ length: 20_000 }, () => ({})) }],
    ["a tower", deep],
    ["an unknown keyword", { type: "object", minProprties: 1 }],
    ["an unknown format", { properties: { a: { format: "credit-card" } } }],
    ["an asynchronous validator, whose promise is truthy", { $async: true, type: "object" }],
    ["a reference that is resolved at run time", { $dynamicRef: "#x" }],
    ["a resource inside", { properties: { a: { $id: "https://x.example/" } } }],
    ["a dialect nobody knows", { $schema: "https://evil.example/schema" }],
    ["a wrong type", { type: "objekt" }],
    ["a pattern that needs backtracking", { properties: { a: { pattern: "(?=a)b" } } }],
    ["a pattern that grows without measure", { properties: { a: { pattern: "((a{1,100}){1,100}){1,100}" } } }],
    ["a pattern without end", { properties: { a: { pattern: "a".repeat(1_001) } } }],
    ["our own keyword", { interlockFuel: { weight: -1_000_000 } }],
  ])("refuses %s", (_what, schema) => {
    expect(timed(() => expect(check(schema, {})).toMatchObject({ kind: "unusable" }))).toBeLessThan(5_000);
  });

  const doubling: JsonObject = {
    $ref: "#/$defs/d0",
    $defs: Object.fromEntries(
      Array.from({ length: 40 }, (_, level) => [
        `d${level}`,
        level === 39
          ? { type: "object" }
          : { allOf: [{ $ref: `#/$defs/d${level + 1}` }, { $ref: `#/$defs/d${level + 1}` }] },
      ]),
    ),
  };
  const branching: JsonObject = {
    $ref: "#/$defs/n",
    $defs: {
      n: { allOf: [{ properties: { c: { $ref: "#/$defs/n" } } }, { properties: { c: { $ref: "#/$defs/n" } } }] },
    },
  };
  const tower: Json = JSON.parse(`${'{"c":'.repeat(60)}{}${"}".repeat(60)}`) as Json; // as written

  test.each<[string, JsonObject, Json]>([
    ["a schema that is itself", { $ref: "#" }, {}],
    [
      "two schemas that are each other",
      { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
      {},
    ],
    ["references that double forty times", doubling, {}],
    ["recursion that doubles at every level", branching, tower],
    [
      "items compared each with each",
      { properties: { a: { uniqueItems: true } } },
      { a: Array.from({ length: 10_000 }, (_, i) => ({ i })) },
    ],
    [
      "many branches for many items",
      { properties: { a: { items: { anyOf: Array.from({ length: 500 }, (_, i) => ({ const: i })) } } } },
      { a: Array.from({ length: 10_000 }, () => ({})) },
    ],
    [
      "a pattern over a text of 250,000 characters",
      { properties: { a: { not: { pattern: "^(a+)+$" } } } },
      { a: `${"a".repeat(250_000)}!` },
    ],
    [
      "a format over a text of 250,000 characters",
      { properties: { a: { not: { format: "email" } } } },
      { a: "a".repeat(250_000) },
    ],
  ])("stops at %s", (_what, schema, value) => {
    check(schema, {});

    const ms = timed(() => expect(check(schema, value)).toMatchObject({ kind: "invalid", faults: [{ path: "" }] }));

    expect(ms).toBeLessThan(5_000);
  });

  test("answers a pattern made for backtracking at once (T37)", () => {
    const schema: JsonObject = { properties: { a: { type: "string", pattern: "^(a+)+$" } } };
    check(schema, {});

    const ms = timed(() => expect(check(schema, { a: `${"a".repeat(28)}!` })).toMatchObject({ kind: "invalid" }));

    expect(ms).toBeLessThan(500);
    expect(check(schema, { a: "a".repeat(1_000) })).toEqual({ kind: "valid" });
  });

  test("reads a tree as deep as arguments may be", () => {
    const tree: JsonObject = {
      $ref: "#/$defs/n",
      $defs: { n: { type: "object", properties: { c: { $ref: "#/$defs/n" } }, additionalProperties: false } },
    };

    expect(check(tree, tower)).toEqual({ kind: "valid" });
  });
});
