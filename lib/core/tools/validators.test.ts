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

describe("what a schema says, exactly", () => {
  const DRAFT_07 = "http://json-schema.org/draft-07/schema#";
  const accepted = (schema: JsonObject, values: readonly Json[]) =>
    values.filter((value) => check(schema, value).kind === "valid");

  test.each<[string, readonly string[], readonly string[]]>([
    ["^\\S+$", ["root"], ["root admin", "root\u00a0admin", "a\u000bb", "a\u2028b", "a\ufeffb"]],
    ["^[^\\s]+$", ["root"], ["root admin", "root\u00a0admin", "a\u3000b"]],
    ["^[\\S\\n]+$", ["a\nb"], ["a b", "a\u00a0b"]],
    ["^\\s$", [" ", "\u00a0", "\u2028", "\u000b"], ["\u0085", "\u180e", "a"]],
    ["^.+$", ["ab", "a\u0085b"], ["a\nb", "a\rb", "a\u2028b", "a\u2029b"]],
    ["^[\\w-.]+\\_$", ["a-.b_"], ["a b_", "a-.b"]],
    ["^\\p{Letter}+$", ["é"], ["1"]],
    ["^.$", ["😀"], ["ab"]],
  ])("reads the pattern %s as ECMA-262", (pattern, fits, misfits) => {
    expect(accepted({ type: "string", pattern }, [...fits, ...misfits])).toEqual(fits);
  });

  test("takes a format it does not know for an annotation, and a number's name for its range", () => {
    expect(accepted({ type: "string", format: "json" }, ["{", ""])).toEqual(["{", ""]);
    expect(accepted({ type: "integer", format: "uint32" }, [5, 2 ** 32 - 1, -1, 2 ** 32, "5"])).toEqual([
      5,
      2 ** 32 - 1,
    ]);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ["date-time", ["1985-04-12T23:20:50Z", "1998-12-31T23:59:60Z"], ["1985-04-12T23:20:50+01", "1985-02-30T00:00:00Z"]],
    ["time", ["23:59:60Z", "08:30:06.283185Z"], ["12:59:60Z", "08:30:06"]],
    ["duration", ["P1Y2M", "PT1H"], ["P1Y2D", "P1", "PT"]],
    ["uuid", ["2eb8aa08-aa98-11ea-b4aa-73b441d16380"], ["2eb8aa08aa9811eab4aa73b441d16380"]],
    ["hostname", ["www.example.com", "xn--4gbwdl.xn--wgbh1c"], ["-a.example", "xn--X", "a_b.example"]],
    ["idn-email", ["실례@실례.테스트", "a@[127.0.0.1]"], ["2962", "a@", "@example.com"]],
    ["iri", ["http://ƒøø.ßår/?∂éœ=πîx#πîüx"], ["/abc", "http:// x"]],
    ["byte", ["aGk="], ["aGk", "aGk=\n!!!!"]],
  ])("asserts %s as its RFC does", (format, fits, misfits) => {
    expect(accepted({ type: "string", format }, [...fits, ...misfits])).toEqual(fits);
  });

  test("reads the tuples of draft-07, also where no draft is named", () => {
    const tuple: JsonObject = { items: [{ type: "number" }, { type: "number" }], additionalItems: false, minItems: 1 };

    for (const schema of [tuple, { ...tuple, $schema: DRAFT_07 }]) {
      expect(accepted(schema, [[1], [1, 2], [1, 2, 3], ["1", 2], []])).toEqual([[1], [1, 2]]);
    }
  });

  test("reads draft-07's dependencies and its references, which stand alone", () => {
    const schema: JsonObject = {
      $schema: DRAFT_07,
      definitions: { short: { $id: "#short", maxLength: 2 } },
      properties: { a: { $ref: "#short", maxLength: 1 } },
      dependencies: { a: ["b"], b: { required: ["c"] } },
    };

    expect(accepted(schema, [{ a: "xx", b: 1, c: 1 }, { a: "xx" }, { b: 1 }, { a: "xxx", b: 1, c: 1 }])).toEqual([
      { a: "xx", b: 1, c: 1 },
    ]);
  });

  test("follows anchors, its own name and escaped pointers", () => {
    const schema: JsonObject = {
      $id: "https://example.com/tool",
      $defs: { "a/b%": { $anchor: "short", type: "string", maxLength: 2 } },
      properties: {
        a: { $ref: "#short" },
        b: { $ref: "#/$defs/a~1b%25" },
        c: { $ref: "https://example.com/tool#/properties/a" },
      },
    };

    expect(accepted(schema, [{ a: "x", b: "x", c: "x" }, { a: "xxx" }, { b: "xxx" }, { c: "xxx" }])).toHaveLength(1);
  });

  test("leaves out what has no effect alone", () => {
    const schema: JsonObject = { then: false, else: false, contains: { const: 1 }, minContains: 0, maxLength: 1 };

    expect(accepted(schema, [[], "a", "ab"])).toEqual([[], "a"]);
  });

  test("knows what was evaluated through allOf and references", () => {
    const schema: JsonObject = {
      allOf: [{ properties: { a: true } }, { $ref: "#/$defs/b" }],
      unevaluatedProperties: false,
      $defs: { b: { properties: { b: true } } },
    };

    expect(accepted(schema, [{ a: 1, b: 1 }, { c: 1 }, { constructor: 1 }])).toEqual([{ a: 1, b: 1 }]);
  });

  test("counts multiples as they are written, not as floats", () => {
    expect(accepted({ multipleOf: 0.01 }, [19.99, 0.29, 1e30, 19.999])).toEqual([19.99, 0.29, 1e30]);
    expect(accepted({ multipleOf: 0.123456789 }, [1e308])).toEqual([]);
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
    ["a part of an unknown keyword", { "x-a": { type: "string" }, properties: { a: { $ref: "#/x-a" } } }],
    ["a reference to what is no schema", { default: {}, properties: { a: { $ref: "#/default" } } }],
    ["the name that is the prototype", JSON.parse('{"properties":{"__proto__":{"type":"number"}}}') as JsonObject],
    ["unevaluated beside if", { if: { required: ["a"] }, else: { required: ["b"] }, unevaluatedProperties: false }],
    ["unevaluated beside anyOf", { anyOf: [{ properties: { a: true } }, true], unevaluatedProperties: false }],
    ["unevaluated beside patterns", { patternProperties: { "^a": true }, unevaluatedProperties: false }],
    ["unevaluated beside contains", { contains: { type: "string" }, unevaluatedItems: false }],
    [
      "unevaluated far from anyOf",
      { allOf: [{ $ref: "#/$defs/a" }], unevaluatedItems: false, $defs: { a: { anyOf: [true] } } },
    ],
    [
      "unevaluated in a recursive schema",
      { $ref: "#/$defs/a", unevaluatedItems: false, $defs: { a: { items: { $ref: "#/$defs/a" } } } },
    ],
    [
      "a keyword its draft does not have",
      { $schema: "http://json-schema.org/draft-07/schema#", minContains: 2, contains: {} },
    ],
    ["a tuple where items is one schema", { $schema: "https://json-schema.org/draft/2020-12/schema", items: [{}] }],
    ["a pattern that is not ECMA-262", { pattern: "(?i)a" }],
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
