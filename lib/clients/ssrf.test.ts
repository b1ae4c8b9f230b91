import http from "node:http";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { checkAddress, postChecked } from "./checked-request";
import { callSlack } from "./slack";

/** T70: ways to write an address inside. Where they carry no scheme, https is meant. */
const SPELLINGS = [
  "https://127.0.0.1",
  "https://127.1",
  "https://127.0.1",
  "https://0",
  "https://0.0.0.0",
  "https://2130706433",
  "https://0x7f000001",
  "https://0x7f.1",
  "https://0x7f.0x0.0x0.0x1",
  "https://017700000001",
  "https://0177.0.0.1",
  "https://0177.0x0.0.1",
  "https://127.0.0.1.",
  "https://①②⑦.⓪.⓪.⓪",
  "https://①②⑦.⓪.⓪.①",
  "https://127。0。0。1",
  "https://%31%32%37.0.0.1",
  "https://localhost",
  "https://LOCALHOST",
  "https://localhost.",
  "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
  "https://[::1]",
  "https://[::]",
  "https://[0:0:0:0:0:0:0:1]",
  "https://[::ffff:127.0.0.1]",
  "https://[::ffff:7f00:1]",
  "https://[::127.0.0.1]",
  "https://[64:ff9b::127.0.0.1]",
  "https://[2002:7f00:1::]",
  "https://169.254.169.254",
  "https://2852039166",
  "https://0xa9fea9fe",
  "https://[::ffff:a9fe:a9fe]",
  "https://[fd00::1]",
  "https://[fe80::1]",
  "https://10.0.0.1",
  "https://172.16.0.1",
  "https://192.168.1.1",
  "https://100.64.0.1",
  "https://198.18.0.1",
  "https://224.0.0.1",
  "https://255.255.255.255",
  "https:127.0.0.1",
  "https:/127.0.0.1",
  "https:\\\\127.0.0.1",
  "https://example.com@127.0.0.1",
  "https://127.0.0.1#@example.com",
  "https://127.0.0.1\t",
  "http://example.com",
  "http://127.0.0.1",
  "ftp://example.com",
  "file:///etc/passwd",
  "gopher://127.0.0.1",
  "data:text/plain,x",
  "//127.0.0.1",
  "127.0.0.1",
];

let canary: http.Server;
let port: number;
let connections = 0;

beforeAll(async () => {
  canary = http.createServer((_request, response) => response.end("inside"));
  canary.on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
  const address = canary.address();
  port = typeof address === "object" && address ? address.port : 0;
});
afterAll(() => canary.close());

const REFUSED = /only https|private network|password|cannot be resolved|no address/;
const strict = { allowPrivate: false, timeoutMs: 400 };

describe("T70: nothing inside is reached", () => {
  test.each(SPELLINGS)("as %s", async (spelling) => {
    const withPort = spelling.replace(/^(https?:[\\/]{2}[^/#]*?)(\s*|#.*)$/u, `$1:${port}/$2`);
    for (const target of [spelling, withPort]) {
      await expect(checkAddress(target, strict)).rejects.toThrow(REFUSED);
      await expect(postChecked(target, { headers: {}, body: "{}" }, strict)).rejects.toThrow(REFUSED);
      await expect(callSlack({ ...strict, url: target, token: "t" }, "chat.postMessage", {})).rejects.toThrow(REFUSED);
    }
    expect(connections).toBe(0);
  });

  test("by a name with one address outside and one inside, in either order", async () => {
    for (const addresses of [
      ["93.184.216.34", "127.0.0.1"],
      ["127.0.0.1", "93.184.216.34"],
      ["93.184.216.34", "::1"],
    ]) {
      const resolve = async () => addresses;
      await expect(
        postChecked(`https://two.example:${port}/`, { headers: {}, body: "" }, { ...strict, resolve }),
      ).rejects.toThrow("private");
    }
    expect(connections).toBe(0);
  });

  test("by a name that changes its mind: it is asked once, and only what was looked at is called", async () => {
    let asked = 0;
    const resolve = async () => (asked++ === 0 ? ["1.2.3.4"] : ["127.0.0.1"]);
    const target = `https://mind.example:${port}/`;
    await expect(postChecked(target, { headers: {}, body: "" }, { ...strict, resolve })).rejects.toThrow(
      "did not answer",
    );
    expect(asked).toBe(1);
    expect(connections).toBe(0);
  });

  test("by a redirect: it is not followed", async () => {
    const moved = http.createServer((_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end(),
    );
    await new Promise<void>((resolve) => moved.listen(0, "127.0.0.1", resolve));
    const address = moved.address();
    const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`;
    const reply = await postChecked(url, { headers: {}, body: "" }, { allowPrivate: true });
    expect(reply.status).toBe(302);
    expect(connections).toBe(0);
    moved.close();
  });
});
