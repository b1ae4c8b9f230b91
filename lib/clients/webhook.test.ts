import { createHmac } from "node:crypto";
import http from "node:http";

import { afterAll, beforeAll, expect, test } from "vitest";

import { isPublicAddress } from "./public-address";
import { sendWebhook } from "./webhook";

const SECRET = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const received: { headers: http.IncomingHttpHeaders; body: string }[] = [];
let receiver: http.Server;
let url: string;

beforeAll(async () => {
  receiver = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      if (request.url === "/moved") response.writeHead(302, { location: `${url}/hook` });
      else response.writeHead(request.url === "/hook" ? 204 : 500);
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});
afterAll(() => receiver.close());

const to = (path: string, allowPrivate = true, secret: string | null = null) => ({
  url: path.startsWith("http") ? path : url + path,
  secret,
  allowPrivate,
});
const message = { id: "ckpt_1", body: '{"type":"ledger.checkpoint"}', at: new Date(1_700_000_000_000) };

test("what arrives is signed as Standard Webhooks says", async () => {
  await sendWebhook(to("/hook", true, SECRET), message);
  const last = received.at(-1);
  const key = Buffer.from(SECRET.slice(6), "base64");
  const expected = createHmac("sha256", key).update(`ckpt_1.1700000000.${message.body}`).digest("base64");
  expect(last?.body).toBe(message.body);
  expect(last?.headers).toMatchObject({
    "webhook-id": "ckpt_1",
    "webhook-timestamp": "1700000000",
    "webhook-signature": `v1,${expected}`,
  });
});

test("an error, a redirect and silence are failures, and no redirect is followed", async () => {
  const before = received.length;
  await expect(sendWebhook(to("/broken"), message)).rejects.toThrow("the receiver answered 500");
  await expect(sendWebhook(to("/moved"), message)).rejects.toThrow("the receiver answered 302");
  await expect(sendWebhook(to("http://127.0.0.1:9"), message)).rejects.toThrow("did not answer");
  expect(received.length).toBe(before + 2);
});

test("without leave nothing of ours is reached, by whatever name", async () => {
  const before = received.length;
  await expect(sendWebhook(to("/hook", false), message)).rejects.toThrow("only https");
  for (const host of [
    "127.0.0.1",
    "localhost",
    "[::1]",
    "10.0.0.1",
    "169.254.169.254",
    "[::ffff:127.0.0.1]",
    "0x7f000001",
    "2130706433",
    "[fd00::1]",
  ])
    await expect(sendWebhook(to(`https://${host}/hook`, false), message)).rejects.toThrow("private network");
  await expect(sendWebhook(to("https://user:pw@example.com/", false), message)).rejects.toThrow("password");
  expect(received.length).toBe(before);
});

test("public addresses are public and nothing else is", () => {
  for (const address of ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111"]) expect(isPublicAddress(address)).toBe(true);
  for (const address of [
    "0.0.0.0",
    "127.1.2.3",
    "192.168.1.1",
    "172.31.0.1",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:db8::1",
    "x",
  ])
    expect(isPublicAddress(address)).toBe(false);
});
