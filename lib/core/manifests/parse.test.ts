import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import { EXAMPLE_MANIFEST } from "./example";
import { locate, manifestFromObject, manifestHash, parseManifest } from "./parse";

const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");

/** Faults as `line:column code path`, which is what people and editors go by. */
function faultsOf(text: string): string[] {
  const parsed = parseManifest(text);
  return parsed.ok ? [] : parsed.faults.map(({ line, column, code, path }) => `${line}:${column} ${code} ${path}`);
}

function messagesOf(text: string): string[] {
  const parsed = parseManifest(text);
  return parsed.ok ? [] : parsed.faults.map(({ message }) => message);
}

const withTool = (entry: string) => `agent: {id: a}\ntools:\n  allowed:\n    - ${entry}\n`;

describe("parseManifest", () => {
  test("reads the example of the documentation as it stands, and keeps its text", () => {
    const parsed = parseManifest(EXAMPLE_MANIFEST);

    expect(parsed).toMatchObject({ ok: true, text: EXAMPLE_MANIFEST });
    expect(parsed.ok && parsed.manifest.tools.allowed.map(({ name }) => name)).toEqual([
      "read_customer_record",
      "update_ticket_status",
      "send_customer_email",
    ]);
    expect(parsed.ok && parsed.manifest.execution).toEqual({
      max_steps: 20,
      max_wall_clock_seconds: 90,
      max_cost_usd: 1.5,
      on_budget_exceeded: "halt_and_escalate",
    });
  });

  test("names the nearest key for one that is nearly spelt right, where it stands", () => {
    const text = EXAMPLE_MANIFEST.replace("requires_approval", "requires_aproval");

    expect(faultsOf(text)).toEqual(["12:7 unknown_key /tools/allowed/2/requires_aproval"]);
    expect(messagesOf(text)).toEqual(["unknown key `requires_aproval`; did you mean `requires_approval`?"]);
  });

  test("names the key that one is the beginning of", () => {
    const text = EXAMPLE_MANIFEST.replace("max_wall_clock_seconds", "max_wall_clock");

    expect(messagesOf(text)).toEqual(["unknown key `max_wall_clock`; did you mean `max_wall_clock_seconds`?"]);
  });

  test("says a number that is not whole as it is", () => {
    const text = EXAMPLE_MANIFEST.replace("max_steps: 20", "max_steps: 2.5");

    expect(messagesOf(text)).toEqual(["`max_steps` must be a whole number, not 2.5."]);
  });

  test("reports every fault at once, in the order of the text", () => {
    const text = [
      "agent: {id: a}",
      "tools:",
      "  allowed:",
      "    - name: x",
      "      quorum: 0",
      "      environments: [prod]",
      "    - scope: [a]",
      "execution:",
      '  max_steps: "20"',
      "  max_cost: 3",
    ].join("\n");

    expect(faultsOf(text)).toEqual([
      "5:15 out_of_range /tools/allowed/0/quorum",
      "6:22 invalid_value /tools/allowed/0/environments/0",
      "7:7 missing_key /tools/allowed/1/name",
      "9:14 wrong_type /execution/max_steps",
      "10:3 unknown_key /execution/max_cost",
    ]);
    expect(messagesOf(text)).toContain("`max_steps` must be a number, not text.");
  });

  test("reports a fault inside a condition at the branch that was meant", () => {
    expect(messagesOf(withTool("{name: x, when: {arg: a, at_mst: 3}}"))).toContain(
      "unknown key `at_mst`; did you mean `at_most`?",
    );
    expect(faultsOf(withTool("{name: x, when: {all: [{arg: a, equals: {}}]}}"))).toEqual([
      "4:47 wrong_type /tools/allowed/0/when/all/0/equals",
    ]);
    expect(messagesOf(withTool("{name: x, when: {arg: a}}"))[0]).toContain("needs one of equals, in");
  });

  test("refuses constraints whose name or value is not in the language", () => {
    expect(messagesOf(withTool("{name: x, constraints: {alowed_x: [1], max_y: [2], allowed_z: 3}}"))).toEqual([
      "`alowed_x`: constraint `alowed_x` must begin with allowed_, denied_, max_, min_, max_length_ or prefix_.",
      "`max_y`: `max_y` must be a number.",
      "`allowed_z`: `allowed_z` must be a list.",
    ]);
  });

  test("refuses hosts and hours that are none", () => {
    const hosts = "agent: {id: a}\ntools: {}\negress: {allow: ['https://x', '*.com', '*', 'a.b:80']}";

    expect(faultsOf(hosts)).toHaveLength(4);
    expect(messagesOf(withTool("{name: x, windows: [{from: '09:00', to: '09:00', timezone: Mars/X}]}"))).toHaveLength(
      2,
    );
    expect(messagesOf(withTool("{name: x, windows: [{from: '9', to: '24:01', timezone: UTC}]}"))).toHaveLength(2);
  });

  test.each(["", "{}", "hello", "- a", "null", "agent: {id: a}"])(
    "refuses %j, which allows nothing and says nothing (T36)",
    (text) => {
      expect(parseManifest(text).ok).toBe(false);
    },
  );
});

describe("YAML that is more than data (T53)", () => {
  test.each([
    ["an anchor", "agent: {id: &x a}\ntools: {}", "1:16 anchor /agent/id"],
    ["an alias", "agent: {id: a}\ntools: {allowed: *x}", "2:18 alias /tools/allowed"],
    ["a merge key", "agent: {id: a}\ntools: {}\n<<: {owners: {}}", "3:1 merge_key /<<"],
    ["a tag that runs code", "agent: {id: !!js/function 'x'}\ntools: {}", "1:27 unknown_tag /agent/id"],
    ["a tag of our own", "agent: {id: !secret a}\ntools: {}", "1:21 unknown_tag /agent/id"],
    ["a duplicate key", "agent: {id: a}\ntools: {}\nagent: {id: b}", "3:1 duplicate_key /agent"],
    ["a second document", "agent: {id: a}\n---\ntools: {}", "2:1 yaml_multiple_docs "],
    ["an older YAML", "%YAML 1.1\n---\nagent: {id: NO}\ntools: {}", "1:1 yaml_version "],
    ["a key that is a list", "? [a]\n: 1", "1:3 yaml_non_string_key "],
    [
      "a number without end",
      "agent: {id: a}\ntools: {}\nexecution: {max_cost_usd: .inf}",
      "3:27 number_not_exact /execution/max_cost_usd",
    ],
    ["a lone surrogate", 'agent: {id: "a\\ud800"}\ntools: {}', "1:13 malformed_unicode /agent/id"],
    ["a prototype", "agent: {id: a, __proto__: {x: 1}}\ntools: {}", "1:16 unknown_key /agent/__proto__"],
    ["a syntax error", "agent: {id: a\ntools: [", "2:1 yaml_bad_indent "],
  ])("refuses %s", (_what, text, fault) => {
    expect(faultsOf(text)).toContain(fault);
  });

  test("reads numbers as YAML 1.2 does, and no word as a truth value", () => {
    const parsed = parseManifest(
      "agent: {id: NO}\ntools: {}\nexecution: {max_steps: 012, max_wall_clock_seconds: 0o14}",
    );

    expect(parsed).toMatchObject({
      ok: true,
      manifest: { agent: { id: "NO" }, execution: { max_steps: 12, max_wall_clock_seconds: 12 } },
    });
  });

  test.each([
    ["brackets", "[".repeat(200_000)],
    ["dashes", "- ".repeat(100_000)],
    ["braces", "{a: ".repeat(60_000)],
    ["question marks", "? ".repeat(100_000)],
  ])("refuses a tower of %s before anything recurses into it", (_what, text) => {
    const started = performance.now();

    expect(faultsOf(text)).toEqual([expect.stringContaining("too_deep")]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("reads what is as deep as may be, and nothing deeper", () => {
    const nested = (levels: number) =>
      withTool(`{name: x, args_schema: {default: ${"[".repeat(levels)}${"]".repeat(levels)}}}`);

    expect(faultsOf(nested(50))).toEqual([]);
    expect(faultsOf(nested(70))).toEqual([expect.stringContaining("too_deep")]);
  });

  test("refuses a bomb of aliases without setting it off", () => {
    const levels = "bcdefgh"
      .split("")
      .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${"abcdefg"[index]}`).join(",")}]`);
    const started = performance.now();

    expect(faultsOf(`a: &a [x]\n${levels.join("\n")}`)).toContain("1:7 anchor /a");
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("refuses a text over 256 KiB, counted in bytes", () => {
    expect(faultsOf("é".repeat(131_073))).toEqual(["1:1 too_large "]);
  });

  test("answers thousands of unknown keys shortly", () => {
    const parsed = parseManifest(Array.from({ length: 5_000 }, (_, index) => `k${index}: 1`).join("\n"));

    expect(parsed.ok ? 0 : parsed.faults.length).toBeLessThanOrEqual(100);
  });
});

describe("manifestFromObject", () => {
  test("writes YAML that reads back as the same manifest", () => {
    const object = {
      agent: { id: "a" },
      tools: { allowed: [{ name: "012", constraints: { allowed_x: ["NO", "1e3", "<<"] } }], blocked: ["*x"] },
    };
    const parsed = manifestFromObject(object);

    expect(parsed).toMatchObject({ ok: true, manifest: object });
    expect(parsed.ok && parseManifest(parsed.text)).toEqual(parsed);
  });

  test("reports the same faults as a text would, without lines the sender never saw", () => {
    const parsed = manifestFromObject({ agent: { id: "a" }, tools: { allowed: [{ nam: "x" }] } });

    expect(parsed.ok ? [] : parsed.faults).toEqual([
      { code: "missing_key", path: "/tools/allowed/0/name", message: "`name` is required." },
      { code: "unknown_key", path: "/tools/allowed/0/nam", message: "unknown key `nam`; did you mean `name`?" },
    ]);
  });

  test("refuses what is no plain data", () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;

    expect(manifestFromObject(circle).ok).toBe(false);
    expect(manifestFromObject(undefined).ok).toBe(false);
  });
});

describe("manifestHash", () => {
  const hashOf = (text: string) => {
    const parsed = parseManifest(text);
    return parsed.ok ? manifestHash(sha256Hex, parsed.manifest) : "refused";
  };

  test("is the same for the same meaning, whatever the order, comments and spelling of numbers", () => {
    const other =
      "# a comment\ntools: {blocked: [], allowed: [{scope: [a], name: x}]}\nexecution: {max_cost_usd: 1.50}\nagent: {id: a}";

    expect(hashOf(other)).toBe(
      hashOf("agent: {id: a}\ntools: {allowed: [{name: x, scope: [a]}]}\nexecution: {max_cost_usd: 1.5}"),
    );
    expect(hashOf(other)).toMatch(/^[\da-f]{64}$/);
  });

  test("is another one for another meaning", () => {
    expect(hashOf(withTool("{name: x}"))).not.toBe(hashOf(withTool("{name: y}")));
  });
});

describe("locate", () => {
  test("finds keys, items and, for what is not there, the nearest place above", () => {
    expect(locate(EXAMPLE_MANIFEST, "/tools/allowed/2/requires_approval")).toEqual({ line: 12, column: 7 });
    expect(locate(EXAMPLE_MANIFEST, "/tools/allowed/2")).toEqual({ line: 11, column: 7 });
    expect(locate(EXAMPLE_MANIFEST, "/tools/blocked/1")).toEqual({ line: 17, column: 7 });
    expect(locate(EXAMPLE_MANIFEST, "/tools/allowed/1/when")).toEqual({ line: 8, column: 7 });
    expect(locate("[", "/x")).toBeNull();
  });
});
