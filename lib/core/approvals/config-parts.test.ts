import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { CONFIG_FORMATS, Effect } from "@/lib/core/decisions/schema";

import { configParts } from "./config-parts";
import { readConfig } from "./config-reader";
import { settingFlags } from "./setting-flags";

const settings = (format: (typeof CONFIG_FORMATS)[number], before: string, after: string) => {
  const body = configParts(format, before, after).find((part) => part.id === "settings")?.body;
  if (body?.kind !== "paths") return null;
  return body.items.map((item) => [item.path, item.before?.head ?? null, item.after?.head ?? null, item.flags ?? []]);
};

describe("settings", () => {
  test("of YAML are compared by path, those that open or end something first", () => {
    const before = "name: api\nreplicas: 3\ningress:\n  allow: [10.0.0.0/8]\n  tls: true\nlimits:\n  memory: 512\n";
    const after =
      "# tidied\nname: web\nreplicas: 0\ningress:\n  allow: [0.0.0.0/0]\n  tls: false\nlimits:\n  memory: 8192\n";
    expect(settings("yaml", before, after)).toEqual([
      ["/ingress/allow/0", "10.0.0.0/8", "0.0.0.0/0", ["open to every address"]],
      ["/ingress/tls", "true", "false", ["protection goes off"]],
      ["/limits/memory", "512", "8192", ["ten times or more"]],
      ["/replicas", "3", "0", ["goes to zero"]],
      ["/name", "api", "web", []],
    ]);
    const [first, second] = configParts("yaml", before, after);
    expect(first?.summary).toBe("5 settings: 5 changed, 4 flagged");
    expect(second?.id).toBe("lines");
  });

  test("of several YAML documents are compared document by document", () => {
    expect(settings("yaml", "a: 1\n---\nb: 1\n", "a: 1\n---\nb: 2\n")).toEqual([["/1/b", "1", "2", []]]);
  });

  test("of the other formats as well", () => {
    expect(settings("json", '{"cors":["a.example"]}', '{"cors":["*"]}')).toEqual([
      ["/cors/0", "a.example", "*", ["wildcard"]],
    ]);
    expect(settings("env", "export DB_PASSWORD='old'\nDEBUG=off", "DB_PASSWORD=new\nDEBUG=on")).toEqual([
      ["/DB_PASSWORD", "old", "new", ["looks like a secret"]],
      ["/DEBUG", "off", "on", ["protection goes off"]],
    ]);
    expect(
      settings("ini", "[server]\nport=80\n; x\n[log]\nlevel=info", "[server]\nport=8080\n[log]\nlevel=info"),
    ).toEqual([["/server/port", "80", "8080", ["ten times or more"]]]);
    const toml = (path: string) =>
      `title = "x"\n[[rule]]\nid = 1\npaths = [ "/a", "${path}" ]\n[rule.net]\nopen.to = { any = false }\n`;
    expect(settings("toml", toml("/b"), toml("/*"))).toEqual([["/rule/[id=1]/paths/1", "/b", "/*", ["wildcard"]]]);
  });

  test("that cannot be read are said to be so, and the lines stand alone", () => {
    const unread = (format: (typeof CONFIG_FORMATS)[number], after: string) => configParts(format, "", after);
    for (const [format, after, why] of [
      ["yaml", "a: 1\na: 2\n", /the key a is there twice/],
      ["yaml", "a: &x 1\nb: *x\n", /it uses aliases/],
      ["yaml", 'a: !!js/function "x"\n', /could not be read as YAML/],
      ["yaml", "[".repeat(5_000), /nests too deep/],
      ["json", '{"a":1,"a":2}', /could not be read as JSON/],
      ["toml", "a = 1\na = 2\n", /sets a key twice/],
      ["toml", 'a = "open', /does not end/],
      ["env", "no setting", /line 1 is no setting/],
      ["text", "anything", /only its lines are compared/],
    ] as const) {
      const parts = unread(format, after);
      expect(parts.map((part) => part.id)).toEqual(["lines"]);
      expect(parts[0]?.note).toMatch(why);
    }
  });

  test("layout alone is no setting", () => {
    expect(configParts("yaml", "a: 1", "a:   1 # one\n")[0]?.summary).toMatch(/^No setting changes/);
  });
});

test("no text makes a reader throw or hang, in any format", () => {
  const line = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.constantFrom(
      "[a]",
      "[[a]]",
      "a = 1",
      "a.b = [1, {c = 2}]",
      "a: 1",
      "- b",
      "{",
      "}",
      '"""',
      "&x",
      "*x",
      "<<: *x",
      "__proto__: 1",
      "__proto__ = 1",
    ),
  );
  const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(text, fc.constantFrom(...CONFIG_FORMATS), (given, format) => {
      const read = readConfig(given, format);
      expect(read.ok ? typeof JSON.stringify(read.value) : typeof read.why).toBe("string");
      expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
    }),
  );
});

test("long files of any format end in good time", () => {
  const lines = Array.from({ length: 8_000 }, (_, index) => `key_${index} = ${index}`);
  const started = performance.now();
  for (const format of ["toml", "ini", "env"] as const)
    configParts(format, lines.join("\n"), lines.with(4_000, "key_4000 = 0").join("\n"));
  configParts("yaml", lines.map((one) => one.replace(" =", ":")).join("\n"), "a: 1");
  configParts("toml", "", `a = ${"[".repeat(200_000)}`);
  configParts("yaml", "", `${"a: ".repeat(80_000)}`);
  expect(performance.now() - started).toBeLessThan(8_000);
});

test("flags are facts about names and values", () => {
  expect(settingFlags("/spec/tlsEnabled", true, undefined)).toEqual(["protection goes off"]);
  expect(settingFlags("/spec/image", "a:1.2", "a:latest")).toEqual(["image without a fixed version"]);
  expect(settingFlags("/auth/clientSecret", "a", "b")).toEqual(["looks like a secret"]);
  expect(settingFlags("/minReplicas", 2, 1)).toEqual([]);
});

test("the schema takes the kind and refuses an unknown format", () => {
  expect(Effect.safeParse({ kind: "config", format: "yaml", path: "deploy/prod.yaml", after: "a: 1" }).success).toBe(
    true,
  );
  expect(Effect.safeParse({ kind: "config", format: "xml" }).success).toBe(false);
});
