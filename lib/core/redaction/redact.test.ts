import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Json } from "@/lib/core/shared/json";
import { canariesOf, FURTHER_WRAPPINGS, WRAPPINGS } from "@/lib/testing/canaries";

import { argsHash } from "./args-hash";
import { detect } from "./detect";
import { compileRedactor } from "./redact";
import { RedactionRule, RedactionSettings } from "./schema";

const hash = (text: string) => createHmac("sha256", "workspace key of this test").update(text).digest("hex");
const redactorOf = (rules: readonly object[] = [], agent: string | null = "support") =>
  compileRedactor(RedactionSettings.parse({ rules }), agent, hash);
const plain = redactorOf();
const redacted = (value: Json, redactor = plain) => redactor.redact(value, "args").value;

describe("what is harmless stays", () => {
  test.each([
    "C-88319",
    "KB-1821, KB-4470",
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "00f067aa0ba902b7",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "550e8400-e29b-41d4-a716-446655440000",
    "018f3c2e-7b64-7d0e-9a51-8c2f6e0d1b10",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
    "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "2026-04-10T03:14:22Z",
    "2026-04-10T03:14:22.123456789+02:00",
    "1775790862000000000",
    "1775790862123",
    "order 2026-0410-1234, invoice 4711-0815",
    "0.4111111111111111",
    "0.30000000000000004",
    "1234567890123456",
    "chatcmpl-BKf0Q8m2H7xYz1234567890abcd",
    "msg_01XFDUDYJgAACzvnptvVoYEL",
    "toolu_01A09q90qw90lq917835lq9",
    "call_BKf0Q8m2H7xYz1234567890",
    "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b",
    "run_1a2b3c4d5e6f7a8b9c0d1e2f",
    "gpt-4.1-mini-2025-04-14",
    "claude-sonnet-4-5-20250929",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "openinference.instrumentation.openai 4.2.7",
    "https://api.openai.com/v1/chat/completions?limit=20&after=msg_123",
    "https://unpkg.com/react@18.2.0/umd/react.production.min.js",
    "git@github.com",
    "@scope/package@1.2.3",
    "npm install @pydantic/genai-prices@0.1.8",
    "lib/core/redaction/redactEventBeforeItIsStored.test.ts",
    "/usr/local/lib/node_modules/@opentelemetry/exporter-trace-otlp-proto/build/src/index.js",
    "C:\\Users\\build\\node_modules\\test\\index.js",
    "192.168.100.200:5432",
    "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    "arn:aws:iam::123456789012:role/agents-production",
    "projects/my-project/locations/europe-west1/endpoints/1234567890123456789",
    "k8s pod support-triage-7d9f8b6c5d-x2x4z",
    "max_tokens: 4096, total_tokens=340, token_count: 12",
    "next_page_token: null",
    "pass: 12 of 14 tests",
    "The password is required.",
    "password: required",
    "Set password=${DB_PASSWORD} in the environment.",
    "Bearer authentication is used; basic understanding helps.",
    "a token of appreciation, a secret garden, a public key",
    "risk-based-decision-making-for-agents and task-oriented-dialogue-systems",
    "Version 10.0.19045.4291, build 20260410.1",
    "lat 52.520008, lon 13.404954",
    "1,234,567,890.12 EUR",
    "ISBN 978-3-16-148410-0",
    "GET /v1/traces 200 1234ms 5678 bytes",
    "x = a * b + c; y := f(x)",
    "SELECT id, name FROM orders WHERE total > 100 -- all of them",
    "100 % of 50%25 and 20%20",
    "日本語のテキスト、そして絵文字 👩‍💻",
    "DE is a country code; GB29 is a flight; AT12 is a seat",
    "[redacted:card] and [email:h3f9a12bc44de0817]",
    "Zm9vIGJhciBiYXogcXV4IHF1dXggY29yZ2U=",
    "48656c6c6f20776f726c642c20746869732069732066696e65",
  ])("%s", (text) => {
    expect(detect(text)).toEqual([]);
    expect(redacted({ note: text })).toEqual({ note: text });
  });

  test("ordinary numbers and names stay, and an unchanged value is the same value", () => {
    const value = {
      page_token: "abc",
      session_id: "3f1c2a9e",
      key: "value",
      author: "Jane",
      tokens: 1200,
      pin_count: 3,
    };
    expect(redacted(value)).toBe(value);
  });
});

describe("values under telling names", () => {
  test.each([
    "password",
    "PASSWORD",
    "dbPassword",
    "db-password",
    "API_KEY",
    "apiKey",
    "x-api-key",
    "clientSecret",
    "http.request.header.authorization",
    "AWS_SECRET_ACCESS_KEY",
    "refresh_token",
    "pin",
    "cvv",
  ])("%s", (name) => {
    expect(redacted({ [name]: "kiwi-4711x" })).toEqual({ [name]: "[redacted:secret]" });
    expect(redacted({ [name]: ["kiwi-4711x"] })).toEqual({ [name]: ["[redacted:secret]"] });
    expect(redacted(JSON.stringify({ [name]: { inner: "kiwi-4711x" } }))).not.toContain("kiwi");
    expect(redacted(`it was ${name}=kiwi-4711x; and more`)).toBe(`it was ${name}=[redacted:secret]; and more`);
  });

  test("a value beside its name", () => {
    const env = [
      { name: "DB_PASSWORD", value: "kiwi-4711x" },
      { name: "DB_HOST", value: "db.internal" },
    ];
    expect(redacted(env)).toEqual([{ name: "DB_PASSWORD", value: "[redacted:secret]" }, env[1] ?? null]);
  });

  test.each([
    ["<user>jane</user><password>kiwi-4711x</password>", "<user>jane</user><password>[redacted:secret]</password>"],
    ["{'user': 'jane', 'api_key': 'kiwi-4711x'}", "{'user': 'jane', 'api_key': '[redacted:secret]'}"],
    ["curl --token kiwi-4711x -X POST", "curl --token [redacted:secret] -X POST"],
    ["export DB_PASSWORD='kiwi 4711x'", "export DB_PASSWORD='[redacted:secret]'"],
    ["secret => kiwi-4711x, next", "secret => [redacted:secret], next"],
    ["?user=jane&access_token=kiwi-4711x&n=1", "?user=jane&access_token=[redacted:secret]&n=1"],
  ])("%s", (text, wanted) => {
    expect(redacted(text)).toBe(wanted);
  });

  test("a number is redacted where a secret can be one", () => {
    expect(redacted({ pin: 4711, token: 340 })).toEqual({ pin: "[redacted:secret]", token: 340 });
  });

  test("a local phone number under its name", () => {
    expect(JSON.stringify(redacted({ phone: "0171 2345678" }))).toMatch(/^{"phone":"\[phone:h[0-9a-f]{16}\]"}$/);
  });
});

describe("what stands in the place", () => {
  test("keeps the text around it", () => {
    expect(redacted("postgres://app:kiwi4711@db:5432/orders")).toBe(
      "postgres://app:[redacted:url_password]@db:5432/orders",
    );
    expect(redacted("Authorization: Bearer abcdef123456ghijkl")).toBe("Authorization: [redacted:authorization]");
    expect(redacted("pay with 4111 1111 1111 1111 now")).toBe("pay with [redacted:card] now");
  });

  test("is the same for the same address, however it was written", () => {
    const one = redacted("Jane.Doe@Example.com");
    expect(one).toMatch(/^\[email:h[0-9a-f]{16}\]$/);
    expect(redacted("jane.doe@example.com")).toBe(one);
    expect(redacted(btoa("jane.doe@example.com"))).toBe(one);
    expect(redacted(encodeURIComponent("jane.doe@example.com"))).toBe(one);
    expect(redacted("john.doe@example.com")).not.toBe(one);
  });

  test.each(["api_key", "jwt", "secret", "card"])(
    "the hash of a %s is left alone by what looks for names",
    (detector) => {
      const hashing = redactorOf([{ where: "*", detector: "*", action: "hash" }]);
      const canary = canariesOf(3, 1).find((one) => one.detector === detector);
      expect(redacted(canary?.text ?? "", hashing)).toMatch(new RegExp(`\\[${detector}:h[0-9a-f]{16}\\]`));
    },
  );

  test("a JSON text stays one", () => {
    const text = JSON.stringify({ user: { email: "jane@example.com", apiKey: "kiwi-4711x" }, n: 1 });
    expect(JSON.parse(redacted(text) as string)).toMatchObject({ user: { apiKey: "[redacted:secret]" }, n: 1 });
  });

  test("keys are redacted too, and two that become the same stay two", () => {
    const value = redacted({ "4111111111111111": 1, "5555555555554444": 2 });
    expect(value).toEqual({ "[redacted:card]": 1, "#2 [redacted:card]": 2 });
  });

  test("a value that is too deep to read is not kept", () => {
    let deep: Json = "kiwi";
    for (let level = 0; level < 100; level += 1) deep = [deep];
    expect(JSON.stringify(redacted(deep))).toContain("[redacted:too_deep]");
    expect(JSON.stringify(redacted(deep))).not.toContain("kiwi");
  });

  test("`__proto__` is a key like others", () => {
    const value = redacted(JSON.parse('{"__proto__":{"password":"kiwi-4711x"}}') as Json);
    expect(JSON.stringify(value)).toBe('{"__proto__":{"password":"[redacted:secret]"}}');
  });
});

describe("rules", () => {
  const mail = { to: "jane@example.com", cc: "john@example.com" };

  test("the first that fits decides, and the rest is as usual", () => {
    const rules = [
      { where: "args.to", detector: "email", action: "keep" },
      { where: "*", detector: "email", action: "drop" },
    ];
    expect(redacted(mail, redactorOf(rules))).toEqual({ to: "jane@example.com", cc: "" });
  });

  test("a place is redacted whatever is there", () => {
    const rules = [{ where: "args.customer.*", detector: "value", action: "mask" }];
    expect(redacted({ customer: { name: "Jane", age: 41 }, id: "C-88319" }, redactorOf(rules))).toEqual({
      customer: { name: "[redacted:value]", age: "[redacted:value]" },
      id: "C-88319",
    });
  });

  test("may be for some agents", () => {
    const rules = [{ where: "*", detector: "email", action: "mask", agent: "billing-*" }];
    expect(redacted("jane@example.com", redactorOf(rules, "billing-eu"))).toBe("[redacted:email]");
    expect(redacted("jane@example.com", redactorOf(rules, "support"))).toMatch(/^\[email:h/);
    expect(redacted("jane@example.com", redactorOf(rules, null))).toMatch(/^\[email:h/);
  });

  test.each(["api_key", "jwt", "secret", "private_key", "authorization", "url_password", "value", "*"])(
    "%s may not be kept",
    (detector) => {
      expect(RedactionRule.safeParse({ where: "*", detector, action: "keep" }).success).toBe(false);
    },
  );

  test("content is off unless a workspace turns it on", () => {
    expect(RedactionSettings.parse({})).toEqual({ keep_content: false, rules: [] });
  });
});

describe("redacting twice is redacting once", () => {
  const canaries = canariesOf(7, 1);
  const piece = fc.oneof(
    fc.constantFrom(...canaries).map(({ text }) => text),
    fc
      .tuple(fc.constantFrom(...canaries), fc.constantFrom(...WRAPPINGS, ...FURTHER_WRAPPINGS))
      .map(([{ text }, { wrap }]) => wrap(text)),
    fc.string({ maxLength: 12 }),
    fc.constantFrom("password=", "token: ", "Authorization: ", "://", "@", ":", '"', "\\", " ", "%40", "]"),
  );
  const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
  const value = fc.oneof(
    text,
    fc.dictionary(fc.oneof(text, fc.constantFrom("password", "note", "phone", "apiKey")), text, { maxKeys: 4 }),
    fc.dictionary(fc.constantFrom("a", "secret"), text).map((object) => JSON.stringify(object)),
  );

  test.each([
    ["by default", redactorOf()],
    ["hashing all", redactorOf([{ where: "*", detector: "*", action: "hash" }])],
    ["dropping people", redactorOf([{ where: "*", detector: "email", action: "drop" }])],
  ])("%s", (_, redactor) => {
    fc.assert(
      fc.property(value, (sent) => {
        const once = redacted(sent, redactor);
        expect(redacted(once, redactor)).toEqual(once);
      }),
      { numRuns: 600 },
    );
  });
});

describe("linear time", () => {
  const long = (piece: string, length = 1_000_000) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
  const cpuMs = (work: () => void) => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };

  test.each([
    "a",
    "1",
    " ",
    "@",
    "a@",
    "a@b.",
    "://",
    "http://a:",
    "postgres://a:b/",
    "=",
    "password=",
    'password="\\',
    "token: ",
    "Authorization: ",
    "bearer ",
    "--",
    "--password ",
    "-----BEGIN ",
    "-----BEGIN PRIVATE KEY-----",
    "-eyJa",
    "eyJaaaaaaa.",
    "sk-",
    "AKIA",
    "SG.aaaaaaaaaaaaaaaaaaaa",
    "+1 ",
    "1 ",
    "4111 ",
    "(555) ",
    "DE89 ",
    "%",
    "%25",
    "%c3",
    "\\",
    "\\u0041",
    "\u200b",
    "\u00ad1",
    "&#65;",
    "{",
    "[",
    '{"a":',
    '["',
    "[redacted:card",
    "[",
    "QUFB",
    "QUFBQUFBQUFBQUFB.",
    "QUFBQUFBQUFBQUFB-",
    "abcdef12",
    "ＡＢ",
    "x=",
    "A=",
    "hooks.slack.com/services/",
  ])("a megabyte of %j", (piece) => {
    const [short, full] = [long(piece, 125_000), long(piece)];
    const small = cpuMs(() => redacted({ note: short }));
    const large = cpuMs(() => redacted({ note: full }));
    // Eight times the text: eight times the work is linear, and 64 times would be quadratic.
    expect(large, `${small.toFixed(0)} ms for an eighth`).toBeLessThan(Math.max(3_000, small * 24));
  });
});

describe("argsHash", () => {
  test("is the same for equal arguments, and differs by key and by value", () => {
    const one = argsHash(hash, { caseId: "C-88319", priority: "P2" });
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(argsHash(hash, { priority: "P2", caseId: "C-88319" })).toBe(one);
    expect(argsHash(hash, { priority: "P1", caseId: "C-88319" })).not.toBe(one);
    expect(
      argsHash((text) => createHmac("sha256", "other").update(text).digest("hex"), {
        priority: "P2",
        caseId: "C-88319",
      }),
    ).not.toBe(one);
  });

  test("is null for what has no canonical form", () => {
    expect(argsHash(hash, "\ud800")).toBeNull();
  });
});
