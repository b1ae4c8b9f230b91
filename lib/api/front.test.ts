import http from "node:http";
import net, { type AddressInfo } from "node:net";

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { MAX_BODY_BYTES } from "./refusal";

// What stands before the pages, over real sockets. The pages are a server that says what reached it.

let pages: http.Server;
let front: http.Server;
let port: number;
let reached: { readonly method: string; readonly url: string; readonly bytes: number }[] = [];

const listening = (server: http.Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)); // not a pipe
  });

beforeAll(async () => {
  pages = http.createServer((request, response) => {
    let bytes = 0;
    request.on("data", (chunk: Buffer) => (bytes += chunk.byteLength));
    request.on("end", () => {
      reached.push({ method: request.method ?? "", url: request.url ?? "", bytes });
      response.end("page");
    });
  });
  vi.stubEnv("WEB_ORIGIN", `http://127.0.0.1:${await listening(pages)}`);
  const { passToPages } = await import("./front");
  front = http.createServer(
    { requestTimeout: 1_000, headersTimeout: 1_000, connectionsCheckingInterval: 100 },
    passToPages,
  );
  port = await listening(front);
});
afterAll(() => {
  for (const server of [front, pages]) {
    server.closeAllConnections();
    server.close();
  }
});

/** Sends these bytes and gives back everything that is answered until the connection ends. */
function exchange(head: readonly string[], body: string | Buffer = ""): Promise<string> {
  reached = [];
  return new Promise((resolve) => {
    let answer = "";
    const socket = net.connect(port, "127.0.0.1", () => {
      socket.write(`${head.join("\r\n")}\r\n\r\n`);
      socket.write(body);
    });
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
const asked = (line: string, ...headers: string[]) =>
  exchange([`${line} HTTP/1.1`, "Host: interlock.test", "Connection: close", ...headers]);
const OWN = ["Host: interlock.test", "Origin: http://interlock.test", "Content-Type: application/json"];

describe("a page request", () => {
  test("reaches the pages as it was sent", async () => {
    expect(statusOf(await asked("GET /agents/%C3%A9?q=%ff"))).toBe(200);
    expect(reached).toEqual([{ method: "GET", url: "/agents/%C3%A9?q=%ff", bytes: 0 }]);
  });

  test.each([
    ["GET /approvals/%ff", 400],
    ["GET /agents/%", 400],
    ["GET /agents/%00", 400],
    ["GET http://elsewhere.example/", 400],
    ["OPTIONS *", 405],
    ["PROPFIND /", 405],
    ["DELETE /agents/a", 405],
    ["TRACE /", 405],
  ])("%s is answered %i and reaches nothing", async (line, status) => {
    const answer = await asked(line);
    expect(statusOf(answer)).toBe(status);
    expect(answer).toMatch(/\r\n\r\n.+\.$/);
    expect(reached).toEqual([]);
  });
});

describe("a change", () => {
  test("reaches the pages whole", async () => {
    const body = "x".repeat(MAX_BODY_BYTES);
    const head = ["POST /signin HTTP/1.1", ...OWN, "Connection: close", `Content-Length: ${body.length}`];
    expect(statusOf(await exchange(head, body))).toBe(200);
    expect(reached).toEqual([{ method: "POST", url: "/signin", bytes: MAX_BODY_BYTES }]);
  });

  test.each([
    ["announced", `Content-Length: ${MAX_BODY_BYTES + 1}`, "x"],
    [
      "found to be so",
      "Transfer-Encoding: chunked",
      `${(MAX_BODY_BYTES + 1).toString(16)}\r\n${"x".repeat(MAX_BODY_BYTES + 1)}\r\n`,
    ],
  ])("that is too large is answered 413 in words when it is %s", async (_how, header, body) => {
    const answer = await exchange(["POST /signin HTTP/1.1", ...OWN, header], body);
    expect(statusOf(answer)).toBe(413);
    expect(answer).toContain(`at most ${MAX_BODY_BYTES} bytes`);
    expect(reached).toEqual([]);
  });

  test("that is as large as an invoice is taken from nobody who is not signed in", async () => {
    const head = ["POST /spend/invoices HTTP/1.1", ...OWN, `Content-Length: ${MAX_BODY_BYTES + 1}`];
    for (const cookie of [[], ["Cookie: next-auth.session-token=forged"]]) {
      expect(statusOf(await exchange([...head, ...cookie], "x"))).toBe(413);
    }
    expect(reached).toEqual([]);
  });

  const form = (...fields: string[]) =>
    `${fields.map((field) => `--x\r\nContent-Disposition: form-data; name=${field}\r\n`).join("")}--x--\r\n`;
  test.each([
    ["a form", "multipart/form-data; boundary=x", null, form('"email"\r\n\r\na'), 200],
    ["a form without its boundary", "multipart/form-data", null, form('"email"\r\n\r\na'), 400],
    ["half a form", "multipart/form-data; boundary=x", null, "--x\r\nContent-Disp", 400],
    ["no form", "multipart/form-data; boundary=x", null, "{}", 400],
    ["an action", "multipart/form-data; boundary=x", "7f", form('"0"\r\n\r\n["$K1"]', '"1_a"\r\n\r\nb'), 200],
    ["an action without arguments", "multipart/form-data; boundary=x", "7f", form('"1_a"\r\n\r\nb'), 400],
    ["an action of text", "text/plain;charset=UTF-8", "7f", "[1]", 200],
    ["an action of half a text", "text/plain;charset=UTF-8", "7f", "[", 400],
    [
      "a form's action",
      "multipart/form-data; boundary=x",
      null,
      form('"$ACTION_REF_1"\r\n\r\n', '"$ACTION_1:0"\r\n\r\n{"id":"a","bound":"$@1"}', '"$ACTION_1:1"\r\n\r\n[{}]'),
      200,
    ],
    [
      "a form's action whose arguments are missing",
      "multipart/form-data; boundary=x",
      null,
      form('"$ACTION_REF_1"\r\n\r\n', '"$ACTION_1:0"\r\n\r\n{"id":"a","bound":"$@1"}'),
      400,
    ],
  ])("%s of %s with action %s is read before the pages see it", async (_what, type, action, body, status) => {
    const head = [
      "POST /signin HTTP/1.1",
      "Host: interlock.test",
      "Origin: http://interlock.test",
      "Connection: close",
      `Content-Type: ${type}`,
      `Content-Length: ${body.length}`,
      ...(action === null ? [] : [`Next-Action: ${action}`]),
    ];
    expect(statusOf(await exchange(head, body))).toBe(status);
    expect(reached).toHaveLength(status === 200 ? 1 : 0);
  });

  test("that comes too slowly is answered 408, and never holds a connection of the pages", async () => {
    const slow = Array.from({ length: 80 }, () =>
      exchange(["POST /signin HTTP/1.1", ...OWN, "Content-Length: 100"], "{"),
    );
    expect(statusOf(await asked("GET /"))).toBe(200);
    expect(new Set((await Promise.all(slow)).map(statusOf))).toEqual(new Set([408]));
  });
});
