import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { readVerifierKey, type VerifierKey } from "@/lib/core/ledger/verifier-key";
import { sha256 } from "@/lib/platform/ed25519";
import { fetchBundle, givenLedgerRun, type LedgerRun } from "@/lib/testing/ledger-run";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";
import { send } from "@/lib/testing/client";

import { verifyBundle } from "./verify-bundle";

let replicas: Replicas;
let url: string;
let run: LedgerRun;
let bundle: readonly string[];
let key: VerifierKey;

beforeAll(async () => {
  replicas = await startReplicas(1);
  url = replicas.urls[0] ?? "";
  run = await givenLedgerRun(url);
  bundle = await fetchBundle(url, run.admin);
  const keys = await send(url, "/api/v1/ledger/keys", run.admin);
  const [first] = JSON.parse(JSON.stringify(keys.body["items"]));
  const read = readVerifierKey(sha256, String(first.verifier_key));
  if (!read) throw new Error("no key");
  key = read;
}, 60_000);
afterAll(() => replicas.stop());

const verify = (lines: readonly string[], more: object = {}) =>
  verifyBundle([lines], { keys: [key], since: null, receipts: [], now: () => performance.now(), ...more });

describe("a clean ledger of a real server", () => {
  test("verifies: every verdict is judged again, every receipt is in the tree", async () => {
    const report = await verify(bundle, { receipts: run.receipts });
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ code: 0, pinned: true, judged: 17, decisions: 17, erased: 0, notKept: 0 });
    expect(report.receipts).toEqual({ included: 17, notDue: 0 });
    expect(report.signedSize).toBe(report.size);
  });
});

test("speed probe", async () => {
  const t = performance.now();
  for (let n = 0; n < 200; n += 1) await verify(bundle);
  console.log("ms per verify", (performance.now() - t) / 200, bundle.length);
});
