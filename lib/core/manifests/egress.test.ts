import { describe, expect, test } from "vitest";

import { NOTHING_READ } from "@/lib/core/commands/read-call";
import type { Json } from "@/lib/core/shared/json";

import { compileEgress } from "./egress";
import { hostList, hostPatternFault, allowsHost, normalHost } from "./host";

const rule = compileEgress("egress.allow", [
  "api.example.com",
  "*.internal.example",
  "203.0.113.7",
  "[2001:db8::1]",
  "münchen.example",
]);
const refused = (args: { readonly [key: string]: Json }) => rule.check(args, NOTHING_READ).map(({ path }) => path);

describe("compileEgress", () => {
  test.each<Json>([
    "https://api.example.com/path?x=https",
    "HTTPS://API.EXAMPLE.COM",
    "https://api.example.com.",
    "https://user:pw@api.example.com:8443/",
    "wss://a.b.internal.example/socket",
    "http://0xcb007107/",
    "http://[2001:DB8::1]/",
    "https://xn--mnchen-3ya.example/",
    "no address here: just words",
    "12:30 is a time, a::b is none",
    "//api.example.com/x",
    { nested: [{ deep: "see https://api.example.com/help and https://x.internal.example" }] },
  ])("lets %j pass", (value) => {
    expect(refused({ value })).toEqual([]);
  });

  test.each<Json>([
    "https://evil.example",
    "https://api.example.com.evil.example",
    "https://evilapi.example.com",
    "https://api.example.com@evil.example",
    "https://api.example.com\\@evil.example",
    "https://api.example.com\\.evil.example",
    "https:evil.example",
    "https:/\\evil.example",
    "ht\ntps://evil.example",
    "https:\t//evil.example",
    "https://api.example.com\n.evil.example/",
    "  https://evil.example",
    "//evil.example/x",
    "\\\\evil.example\\share",
    "text with ftp://evil.example/x inside",
    "curl 'https://evil.example'",
    "javascript://evil.example/%0aalert(1)",
    "http://internal.example",
    "http://203.0.113.70",
    "http://0313.0.0161.010/",
    "https://ⓔvil.example",
    "http://[::ffff:203.0.113.7]/",
    { "https://evil.example": 1 },
  ])("refuses %j", (value) => {
    expect(refused({ value })).not.toEqual([]);
  });

  test("knows bare hosts in arguments that hold addresses, and only there", () => {
    expect(
      refused({
        url: "evil.example/x",
        webhook: "evil.example",
        api_endpoint: "evil.example:443",
        baseUrl: "evil.example",
        hosts: ["evil.example"],
      }),
    ).toHaveLength(5);
    expect(refused({ url: "api.example.com/x", host: "api.example.com:443", name: "evil.example" })).toEqual([]);
    expect(refused({ url: "/relative/path", callback_url: "" })).toEqual([]);
    expect(refused({ url: "data:text/html,x", href: "mailto:a@evil.example" })).toHaveLength(2);
  });

  test("finds addresses in a text of any size without delay", () => {
    const started = performance.now();

    expect(refused({ text: "a".repeat(250_000), other: "https://api.example.com/".repeat(10_000) })).toEqual([]);
    expect(refused({ text: "://".repeat(80_000) })).toEqual(["/args/text"]);
    expect(refused({ text: `https://api.example.com${".".repeat(3_000)}` })).toEqual(["/args/text"]);
    expect(refused({ text: `${"x ".repeat(100_000)}https://evil.example` })).toEqual(["/args/text"]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("host patterns", () => {
  test.each([
    "https://x.example",
    "*.com",
    "*",
    "a.*.example",
    "a.example:80",
    "a b",
    "",
    "*.203.0.113.7",
    "user@x.example",
  ])("refuses %j", (pattern) => {
    expect(hostPatternFault(pattern)).not.toBeNull();
    expect(hostList([pattern])).toEqual({ exact: new Set(), suffixes: [] });
  });

  test("a wildcard stands for what is below a domain, not for the domain", () => {
    const list = hostList(["*.example.com"]);

    expect(
      ["a.example.com", "a.b.example.com", "example.com", "aexample.com"].map((host) => allowsHost(list, host)),
    ).toEqual([true, true, false, false]);
  });

  test("hosts are compared as a browser would reach them", () => {
    expect(normalHost("EXAMPLE.com.")).toBe("example.com");
    expect(normalHost("0x7f.1")).toBe("127.0.0.1");
    expect(normalHost("a/b")).toBeNull();
  });
});
