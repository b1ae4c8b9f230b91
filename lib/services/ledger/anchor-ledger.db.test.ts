import { mkdtempSync, readFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { openNote } from "@/lib/core/ledger/note";
import { readVerifierKey } from "@/lib/core/ledger/verifier-key";
import { transact } from "@/lib/data/db";
import { sha256, verifyEd25519 } from "@/lib/platform/ed25519";
import { givenTenant } from "@/lib/testing/tenant";

import { anchorLedger } from "./anchor-ledger";
import { ensureKey } from "./ensure-key";
import { listAnchors } from "./list-anchors";
import { listKeys } from "./list-keys";
import { record } from "./record";
import { sequenceLedger } from "./sequence-ledger";

const received: { readonly id: string; readonly body: string }[] = [];
let up = true;
let receiver: http.Server;
let url: string;

beforeAll(async () => {
  receiver = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      if (up) received.push({ id: String(request.headers["webhook-id"]), body });
      response.writeHead(up ? 204 : 503).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
});
afterAll(() => receiver.close());

test("each place is told the signed head: at once, then each hour or ten thousand entries, again after a failure", async () => {
  const tenant = await givenTenant();
  const reader = await tenant.person("viewer");
  const file = path.join(mkdtempSync(path.join(tmpdir(), "anchor-")), "checkpoints");
  const to = [
    { kind: "file", name: "file", path: file },
    { kind: "webhook", name: "hook", url, secret: null, allowPrivate: true },
  ] as const;
  const at = (ms: number) => ({ ...tenant.system, now: new Date(Date.now() + ms) });
  const grow = async () => {
    await transact(tenant.system.db, (tx) => record(tx, at(0), "test.event", {}));
    await sequenceLedger(at(0));
  };

  expect(await anchorLedger(at(0), { to })).toMatchObject({ delivered: 0, failed: 0, items: [] });
  await ensureKey(at(0));
  await grow();
  up = false;
  expect(await anchorLedger(at(0), { to })).toMatchObject({ delivered: 1, failed: 1 });
  expect(await anchorLedger(at(1_000), { to })).toMatchObject({ delivered: 0, failed: 0 });
  expect((await listAnchors(reader)).items).toMatchObject([
    { destination: "file", size: 2n, last_error: null },
    { destination: "hook", size: 0n, attempts: 1, last_error: "the receiver answered 503" },
  ]);
  up = true;
  expect(await anchorLedger(at(31_000), { to })).toMatchObject({ delivered: 1, failed: 0 });
  await grow();
  expect(await anchorLedger(at(60_000), { to })).toMatchObject({ delivered: 0 });
  expect(await anchorLedger(at(3_700_000), { to })).toMatchObject({ delivered: 2 });
  const admin = await tenant.person("admin");
  expect(await anchorLedger(admin, { demand: true, to })).toMatchObject({ delivered: 2 });
  await expect(anchorLedger(reader, { demand: true, to })).rejects.toMatchObject({ code: "forbidden" });

  expect(received.map(({ id }) => id)).toEqual([2, 3, 3].map((size) => `ckpt_${tenant.workspaceId}_${size}`));
  const [key] = (await listKeys(reader)).items.flatMap((item) => readVerifierKey(sha256, item.verifier_key) ?? []);
  const note = JSON.parse(received.at(-1)?.body ?? "{}").data.checkpoint;
  expect(openNote(verifyEd25519, note, key ? [key] : [])).toMatchObject({ ok: true });
  expect(readFileSync(file, "utf8")).toContain(note);
});
