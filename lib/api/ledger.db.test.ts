import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { verifyBundle } from "@/lib/cli/verify/verify-bundle";
import { readCheckpoint } from "@/lib/core/ledger/checkpoint";
import { bytesOf, EMPTY_FRONTIER, rootOf } from "@/lib/core/ledger/merkle";
import { openNote } from "@/lib/core/ledger/note";
import { isPromisedBy, readReceipt } from "@/lib/core/ledger/promise";
import { verifyConsistency, verifyInclusion } from "@/lib/core/ledger/proof";
import { readVerifierKey, verifierKeyOf } from "@/lib/core/ledger/verifier-key";
import { base64Of } from "@/lib/core/shared/base64";
import { transact } from "@/lib/data/db";
import { sha256, verifyEd25519 } from "@/lib/platform/ed25519";
import { makeSigningKey } from "@/lib/platform/ledger-key";
import { record } from "@/lib/services/ledger/record";
import { sequenceLedger } from "@/lib/services/ledger/sequence-ledger";
import { send } from "@/lib/testing/client";
import { fetchBundle, givenLedgerRun, type LedgerRun, systemContext } from "@/lib/testing/ledger-run";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

import { operations } from "./operations";

let replicas: Replicas;
let url: string;

beforeAll(async () => {
  replicas = await startReplicas(2);
  url = replicas.urls[0] ?? "";
}, 60_000);
afterAll(() => replicas.stop());

const get = (run: LedgerRun, target: string) => send(url, `/api/v1/ledger/${target}`, run.admin);
const sequence = (run: LedgerRun) => sequenceLedger({ ...systemContext(run.workspaceId), now: new Date() });

async function keysOf(run: LedgerRun) {
  const { items }: { items: { verifier_key: string; state: string }[] } = JSON.parse(
    JSON.stringify((await get(run, "keys")).body),
  );
  return items.map((item) => ({ ...item, key: readVerifierKey(sha256, item.verifier_key) }));
}

async function verify(run: LedgerRun, pinned: number, more: object = {}) {
  const keys = (await keysOf(run)).flatMap(({ key }) => key ?? []).slice(pinned, pinned + 1);
  const lines = await fetchBundle(url, run.admin);
  return verifyBundle([lines], { keys, since: null, receipts: run.receipts, now: () => 0, ...more });
}

const decide = (run: LedgerRun, args: object, at = url) =>
  send(at, "/api/v1/decisions", run.key, { session_id: "s-9", run_id: "r-9", tool: "read_customer_record", args });

describe("the ledger over HTTP", () => {
  test("every entry has a proof that leads to the signed checkpoint, every pair of sizes a proof of growth", async () => {
    const run = await givenLedgerRun(url);
    const [only] = await keysOf(run);
    if (!only?.key) throw new Error("no key");
    const listed = await send(url, "/api/v1/ledger?limit=200", run.admin);
    const items: { id: string; index: string }[] = JSON.parse(JSON.stringify(listed.body["items"]));
    expect(items.length).toBeGreaterThan(25);
    for (const item of items) {
      const { body } = await get(run, `entries/${item.id}/proof`);
      const proof = JSON.parse(JSON.stringify(body));
      const opened = openNote(verifyEd25519, proof.checkpoint, [only.key]);
      const head = opened.ok ? readCheckpoint(opened.text) : null;
      expect(head).toMatchObject({ origin: only.key.name, root: proof.root_hash, size: BigInt(proof.size) });
      const claim = {
        index: BigInt(item.index),
        size: head?.size ?? 0n,
        leaf: proof.leaf_hash,
        proof: proof.proof,
        root: head?.root ?? "",
      };
      expect(verifyInclusion(sha256, claim)).toBe(true);
      expect(proof.text).toContain(
        `index ${item.index}\n${proof.proof.map((hash: string) => `${base64Of(bytesOf(hash))}\n`).join("")}\n`,
      );
    }
    const checkpoints = (await get(run, "checkpoints")).body["items"];
    const [newer, older]: { size: string; root_hash: string }[] = JSON.parse(JSON.stringify(checkpoints));
    const grown = await get(run, `consistency?from=${older?.size}&to=${newer?.size}`);
    const claim = {
      olderSize: BigInt(older?.size ?? 0),
      olderRoot: older?.root_hash ?? "",
      newerSize: BigInt(newer?.size ?? 0),
      newerRoot: newer?.root_hash ?? "",
      proof: JSON.parse(JSON.stringify(grown.body["proof"])),
    };
    expect(verifyConsistency(sha256, claim, rootOf(sha256, EMPTY_FRONTIER))).toBe(true);
    expect((await get(run, "consistency?from=9&to=1")).status).toBe(400);
    expect((await get(run, "consistency?from=0&to=x")).status).toBe(400);
    expect((await get(run, "entries/0199aaaa-0000-7000-8000-000000000000/proof")).status).toBe(404);
    expect((await send(url, "/api/v1/ledger/keys", run.key)).status).toBe(403);
  });

  test("a new key is signed for by the old one, used by every process at once, and either one verifies the log", async () => {
    const run = await givenLedgerRun(url);
    const before = await decide(run, { scope: ["contact_info"] }, replicas.urls[1]);
    expect((await send(url, "/api/v1/ledger/keys", run.reviewer, { reason: "yearly" })).status).toBe(403);
    expect((await send(url, "/api/v1/ledger/keys", run.admin, { reason: "yearly" })).status).toBe(201);
    const after = await decide(run, { scope: ["contact_info"] }, replicas.urls[1]);
    const [old, fresh] = await keysOf(run);
    if (!old?.key || !fresh?.key) throw new Error("no keys");
    expect([old.state, fresh.state]).toEqual(["retired", "active"]);
    const signedBy = (answer: typeof before) => {
      const receipt = readReceipt(sha256, String(answer.body["receipt"]));
      return [old.key, fresh.key].map(
        (key) => receipt !== null && key !== null && isPromisedBy(verifyEd25519, key, receipt),
      );
    };
    expect([signedBy(before), signedBy(after)]).toEqual([
      [true, false],
      [false, true],
    ]);
    await sequence(run);
    for (const pinned of [0, 1]) {
      const report = await verify(run, pinned);
      expect(report).toMatchObject({ code: 0, findings: [] });
    }
  });

  test("the list is what its description says", async () => {
    const run = await givenLedgerRun(url);
    const { body } = await send(url, "/api/v1/ledger?limit=2", run.admin);
    const described = operations.find(({ method, path }) => method === "get" && path === "/api/v1/ledger");
    const schema = described?.answers[200]?.schema;
    expect(schema?.parse(body)).toEqual(body);
  });

  test("an erased payload leaves every proof valid, and nothing of it behind", async () => {
    const run = await givenLedgerRun(url);
    const target = `/api/v1/decisions/${run.approved}/payload?reason=asked%20for`;
    expect((await send(url, target, run.reviewer, undefined, { method: "DELETE" })).status).toBe(403);
    for (let times = 0; times < 2; times += 1)
      expect(await send(url, target, run.admin, undefined, { method: "DELETE" })).toMatchObject({
        status: 200,
        body: { erased: true },
      });
    await sequence(run);
    const report = await verify(run, 0);
    expect(report).toMatchObject({ code: 0, findings: [], erased: 1, judged: 17 });
    const shown = await send(url, `/api/v1/decisions/${run.approved}`, run.admin);
    expect(shown).toMatchObject({ status: 200, body: { erased: true } });
    expect(JSON.stringify(shown.body)).not.toContain("zoe@example.com");
    const bundle = await fetchBundle(url, run.admin);
    const payload = bundle.find((line) => line.includes('"type":"payload"') && line.includes(run.approved));
    // T92: a digest without salt would let whoever guesses the arguments know that the guess was right.
    expect(bundle.join("\n")).not.toContain(String(shown.body["action_digest"]));
    expect(JSON.parse(payload ?? "{}")).toEqual({
      decision: run.approved,
      index: expect.any(Number),
      state: "erased",
      type: "payload",
    });
  });

  test("a request people still look at is not erased", async () => {
    const run = await givenLedgerRun(url);
    const asked = await send(url, "/api/v1/decisions", run.key, {
      session_id: "s",
      run_id: "r-8",
      tool: "send_customer_email",
      args: { to: "a@b.example" },
    });
    const target = `/api/v1/decisions/${String(asked.body["decision_id"])}/payload?reason=x`;
    expect(await send(url, target, run.admin, undefined, { method: "DELETE" })).toMatchObject({
      status: 409,
      body: { code: "still_open" },
    });
  });

  test("a key that cannot be opened: decisions go on, receipts are unsigned, the tree grows, everybody can see it", async () => {
    const run = await givenLedgerRun(url);
    const ctx = systemContext(run.workspaceId);
    // As after the secret was lost: a key is in force that nothing here can open.
    const origin = (await keysOf(run))[0]?.key?.name ?? "";
    const shut = verifierKeyOf(sha256, origin, makeSigningKey().publicKey).text;
    await transact(ctx.db, async (tx) => {
      await tx.$executeRaw`UPDATE ledger_keys SET retired_at = clock_timestamp() WHERE workspace_id = ${run.workspaceId}::uuid`;
      await tx.$executeRaw`INSERT INTO ledger_keys (id, workspace_id, verifier_key, sealed)
        VALUES (uuidv7(), ${run.workspaceId}::uuid, ${shut}, 'x')`;
      await tx.$executeRaw`UPDATE workspace_controls SET epoch = epoch + 1 WHERE workspace_id = ${run.workspaceId}::uuid`;
      await record(tx, ctx, "ledger.rotate", { key: shut, previous: null, signature: null });
    });
    const answer = await decide(run, { scope: ["contact_info"] });
    expect(answer).toMatchObject({ status: 200, body: { verdict: "allow" } });
    expect(String(answer.body["receipt"])).toMatch(/^unsigned:sha256:[0-9a-f]{64}$/);
    expect(await sequence(run)).toMatchObject({ signing: "unsigned" });
    expect((await get(run, "keys")).body).toMatchObject({ signing: "unreadable" });
    expect(await send(url, "/api/v1/ledger/keys", run.admin, { reason: "lost" })).toMatchObject({
      status: 409,
      body: { code: "key_unreadable" },
    });
    expect((await send(url, "/api/v1/ledger/keys", run.admin, { reason: "lost", lost: true })).status).toBe(201);
    expect(await sequence(run)).toMatchObject({ signing: "signed" });
    expect((await verify(run, 0)).code).toBe(3);
    const both = (await keysOf(run)).flatMap(({ key }) => key ?? []);
    expect(await verify(run, 0, { keys: both, receipts: [] })).toMatchObject({ code: 0, findings: [] });
    expect(String((await decide(run, { scope: ["contact_info"] })).body["receipt"])).toMatch(/^ilr2\./);
  });

  test("a clock that goes back does not take the checkpoints with it", async () => {
    const run = await givenLedgerRun(url);
    const ctx = systemContext(run.workspaceId);
    await ctx.db.$executeRaw`
      INSERT INTO ledger_checkpoints (workspace_id, size, root_hash, note, key_id, at)
      SELECT h.workspace_id, h.size + 1, h.root_hash, 'from an hour ahead', k.id, clock_timestamp() + interval '1 hour'
      FROM ledger_heads h JOIN ledger_keys k ON k.workspace_id = h.workspace_id WHERE h.workspace_id = ${run.workspaceId}::uuid`;
    await decide(run, { scope: ["contact_info"] });
    await decide(run, { scope: ["contact_info"] });
    expect(await sequence(run)).toMatchObject({ signing: "signed", clockRegressed: true });
    const { body } = await get(run, "checkpoints");
    const [latest, ahead]: { at: string; clock_regressed: boolean }[] = JSON.parse(JSON.stringify(body["items"]));
    expect(latest?.clock_regressed).toBe(true);
    expect(Date.parse(latest?.at ?? "")).toBeGreaterThanOrEqual(Date.parse(ahead?.at ?? "") - 1);
  });
});
