import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { ENGINE } from "@/lib/core/decisions/engine";
import { asJsonObject } from "@/lib/core/shared/as-json";
import type { Json, JsonObject } from "@/lib/core/shared/json";
import { type VerifierKey, verifierKeyOf } from "@/lib/core/ledger/verifier-key";
import { sha256 } from "@/lib/platform/ed25519";
import { findActiveKey } from "@/lib/data/ledger-keys";
import { makeSigningKey, openKey, sealKey } from "@/lib/platform/ledger-key";
import { type Signer, signerOf } from "@/lib/services/ledger/signer-cache";
import { fetchBundle, fetchVerifierKey, givenLedgerRun, type LedgerRun, systemContext } from "@/lib/testing/ledger-run";
import { chanceOf, changedAt, linesOf, type Parts, partsOf, resealed } from "@/lib/testing/tamper";
import { TAMPER_KINDS } from "@/lib/testing/tamper-kinds";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

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
  key = await fetchVerifierKey(url, run.admin);
}, 60_000);
afterAll(() => replicas.stop());

const verify = (lines: readonly string[], more: object = {}) =>
  verifyBundle([lines], { keys: [key], since: null, receipts: [], now: () => performance.now(), ...more });

describe("a clean ledger of a real server", () => {
  test("verifies: every verdict is judged again, every receipt is in the tree", async () => {
    const report = await verify(bundle, { receipts: run.receipts });
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({
      code: 0,
      pinned: true,
      judged: 18,
      decisions: 18,
      unproven: 0,
      erased: 0,
      withheld: [],
    });
    expect(report.receipts).toEqual({ included: 18, notDue: 0 });
    expect(report.signedSize).toBe(report.size);
  });
});

describe("a ledger somebody tampered with", () => {
  const PER_KIND = Math.ceil(inject("tamperings") / TAMPER_KINDS.length);

  test("is found out each time", { timeout: 600_000 }, async () => {
    const parts = partsOf(bundle);
    const keys = { own: await ownSigner(), foreign: foreignSigner(key.name) };
    const since = String(parts["checkpoint"]?.at(-1)?.["note"]);
    const missed: string[] = [];
    for (const [place, kind] of TAMPER_KINDS.entries()) {
      for (let n = 0; n < PER_KIND; n += 1) {
        const lines = kind.make(parts, chanceOf(place * 100_003 + n), keys);
        const report = await verify(lines, { since: kind.needsSince ? since : null });
        if (report.code === 0) missed.push(`${kind.name} ${n}`);
      }
    }
    expect(missed).toEqual([]);
  });
});

/** What a person with the database and the key could write: every hash and signature fits, the meaning does not. */
describe("a ledger that lies and is signed", () => {
  const entryOf = (parts: Parts, kind: string, member?: (body: JsonObject) => boolean) => {
    const entries = bodiesOf(parts);
    const at = entries.findIndex((body) => body["kind"] === kind && (member?.(body) ?? true));
    if (at < 0) throw new Error(`no ${kind}`);
    return { entries, at };
  };
  const set = (
    parts: Parts,
    kind: string,
    path: readonly string[],
    value: Json,
    member?: (body: JsonObject) => boolean,
  ) => {
    const { entries, at } = entryOf(parts, kind, member);
    return entries.map((body, place) =>
      place === at ? asJsonObject(Object(changedAt(body, path, () => value))) : body,
    );
  };
  const drop = (parts: Parts, kind: string, member?: (body: JsonObject) => boolean) => {
    const { entries, at } = entryOf(parts, kind, member);
    return entries.filter((_, place) => place !== at);
  };
  const isApproved = (body: JsonObject) => body["rule"] === "approval" && body["verdict"] === "allow";
  const isDenied = (body: JsonObject) => body["verdict"] === "deny" && body["tool"] === "delete_customer_record";
  const isApproval = (body: JsonObject) => Object(body["details"]).verdict === "approve";
  const withUse = (parts: Parts) => {
    const { entries, at } = entryOf(parts, "decision", isApproved);
    return [...entries, { ...entries[at], id: "0199aaaa-0000-7000-8000-000000000000" }];
  };

  const lies: readonly [string, string, (parts: Parts) => readonly JsonObject[]][] = [
    [
      "a refusal turned into an allow",
      "wrong_verdict",
      (parts) => set(parts, "decision", ["verdict"], "allow", isDenied),
    ],
    [
      "an allow turned into a refusal",
      "wrong_verdict",
      (parts) => set(parts, "decision", ["verdict"], "deny", (body) => body["rule"] === "tools.allowed[0]"),
    ],
    ["another rule", "wrong_verdict", (parts) => set(parts, "decision", ["rule"], "tools.blocked[1]", isDenied)],
    [
      "another level",
      "wrong_verdict",
      (parts) => set(parts, "decision", ["level"], 1, (body) => body["tool"] === "update_ticket_status"),
    ],
    [
      "a call that held less than its share",
      "wrong_verdict",
      (parts) => set(parts, "decision", ["reserved_micros"], 1, (body) => body["verdict"] === "allow"),
    ],
    [
      "an amount of another source",
      "wrong_verdict",
      (parts) => set(parts, "decision", ["reserved_by", "cost"], "usual", (body) => body["verdict"] === "allow"),
    ],
    [
      "a tool of which more was known",
      "wrong_verdict",
      (parts) =>
        set(parts, "decision", ["facts", "usual", "costMicros"], 9, (body) => body["rule"] === "tools.allowed[0]"),
    ],
    [
      "a run that was shorter",
      "wrong_verdict",
      (parts) =>
        set(
          parts,
          "decision",
          ["run_before", "steps"],
          1,
          (body) => body["verdict"] === "halt" && body["run"] === "r-steps",
        ),
    ],
    ["another agent", "wrong_digest", (parts) => set(parts, "decision", ["agent"], "nobody", isDenied)],
    [
      "a manifest nobody published",
      "missing_manifest",
      (parts) => set(parts, "decision", ["manifest_hash"], "00".repeat(32), isDenied),
    ],
    [
      "a repeat of what was refused, which nobody had refused",
      "wrong_verdict",
      (parts) =>
        set(
          parts,
          "decision",
          ["facts", "asking", "refusedSecondsAgo"],
          null,
          (body) => body["rule"] === "requests.repeat_of_denied",
        ),
    ],
    [
      "a request that was asked although too many waited",
      "wrong_verdict",
      (parts) =>
        set(parts, "decision", ["facts", "asking", "most"], 0, (body) => body["verdict"] === "require_approval"),
    ],
    [
      "an approval of something that was overtaken",
      "ended",
      (parts) =>
        set(
          parts,
          "approval.supersede",
          ["details", "approval_id"],
          String(bodiesOf(parts).find(isApproved)?.["approval"]),
        ),
    ],
    ["an approval nobody voted for", "no_quorum", (parts) => drop(parts, "approval.vote", isApproval)],
    [
      "an approval that was never settled",
      "not_approved",
      (parts) => drop(parts, "approval.settle", (body) => Object(body["details"]).state === "approved"),
    ],
    [
      "an approval with a vote against it",
      "denied",
      (parts) => set(parts, "approval.vote", ["details", "verdict"], "deny", isApproval),
    ],
    [
      "an approval of another action",
      "other_action",
      (parts) => set(parts, "approval.vote", ["details", "action"], "00".repeat(32), isApproval),
    ],
    ["an approval used twice", "used_twice", withUse],
    [
      "an approval used too late",
      "expired",
      (parts) => set(parts, "decision", ["at"], "2099-01-01T00:00:00.000Z", isApproved),
    ],
    [
      "an outcome of a refusal",
      "outcome_without_allow",
      (parts) => set(parts, "outcome", ["decision"], String(bodiesOf(parts).find(isDenied)?.["id"])),
    ],
    [
      "an outcome of nothing",
      "outcome_without_allow",
      (parts) => set(parts, "outcome", ["decision"], "0199aaaa-0000-7000-8000-000000000000"),
    ],
    [
      "a rotation to a stranger's key",
      "bad_rotation",
      (parts) => set(parts, "ledger.rotate", ["details", "key"], "x+00000000+AAAA"),
    ],
  ];

  test.each(lies)("%s is found: %s", async (_name, code, make) => {
    const parts = partsOf(bundle);
    const report = await verify(linesOf(resealed(parts, make(parts), await ownSigner())));
    expect(report.findings.map((found) => found.code)).toContain(code);
    expect(report.code).toBe(1);
  });

  test("another verdict by another engine is not called tampering, and is not called right", async () => {
    const parts = partsOf(bundle);
    const entry = set(parts, "decision", ["facts", "engine"], ENGINE - 1, isDenied);
    const same = await verify(linesOf(resealed(parts, entry, await ownSigner())));
    expect(same).toMatchObject({ code: 0, findings: [] });
    const changed = { ...parts, entry: entry.map((body) => ({ entry: body })) };
    const other = set(changed, "decision", ["verdict"], "allow", isDenied);
    const report = await verify(linesOf(resealed(parts, other, await ownSigner())));
    expect(report).toMatchObject({ code: 2, findings: [{ severity: "incomplete", code: "other_engine" }] });
  });
});

describe("what it answers", () => {
  test("names the entry that was changed", async () => {
    for (let index = 0; index < bodiesOf(partsOf(bundle)).length; index += 1) {
      const parts = partsOf(bundle);
      const entry = (parts["entry"] ?? []).map((line, at) =>
        at === index ? asJsonObject(Object(changedAt(line, ["entry", "id"], () => "x"))) : line,
      );
      const report = await verify(linesOf({ ...parts, entry }));
      expect(report.code).toBe(1);
      expect(report.findings.filter(({ code }) => code === "changed_entry").map((found) => found.index)).toEqual([
        index,
      ]);
    }
  });

  test("without a pinned key it vouches for nothing", async () => {
    expect(await verify(bundle, { keys: [] })).toMatchObject({
      code: 3,
      pinned: false,
      key: key.text,
      findings: [{ code: "not_pinned" }],
    });
  });

  test("another key is an unknown key, also when everything was written anew with it", async () => {
    const foreign = foreignSigner(key.name);
    const report = await verify(bundle, { keys: [foreign.key] });
    expect(report.code).toBe(3);
    const parts = partsOf(bundle);
    const forged = resealed(parts, bodiesOf(parts), foreign);
    expect(await verify(linesOf(forged))).toMatchObject({ code: 3, signedSize: 0 });
  });

  test("a shorter log is incomplete against a checkpoint kept from before, another one a fork", async () => {
    const parts = partsOf(bundle);
    const own = await ownSigner();
    const since = String(parts["checkpoint"]?.at(-1)?.["note"]);
    const kept = bodiesOf(parts).slice(0, 12);
    const payload = (parts["payload"] ?? []).filter((line) => Number(line["index"]) < 12);
    const short = await verify(linesOf(resealed({ ...parts, payload }, kept, own)), { since });
    expect(short.findings.find(({ code }) => code === "truncated")?.message).toContain("TRUNCATED size 12 <");
    const forked = bodiesOf(parts).toSpliced(0, 1);
    const fork = await verify(linesOf(resealed(parts, [...forked, forked[0] ?? {}], own)), { since });
    expect(fork.findings.some(({ code, message }) => code === "fork" && message.startsWith("FORK"))).toBe(true);
  });

  test("a receipt without its entry is missing, one of a stranger unknown, a changed one wrong", async () => {
    const parts = partsOf(bundle);
    const last = run.receipts.at(-1) ?? "";
    const dropped = bodiesOf(parts).filter(
      (body) => body["id"] !== bodiesOf(parts).findLast(({ kind }) => kind === "decision")?.["id"],
    );
    const report = await verify(linesOf(resealed(parts, dropped, await ownSigner())), { receipts: [last] });
    expect(report.findings.map(({ code }) => code)).toContain("stray_payload");
    expect(report.receipts).toMatchObject({ included: 0 });
    const late = checkpointed(
      report.findings.map(({ code }) => code),
      report.receipts.notDue,
    );
    expect(late).toBe(true);
    expect((await verify(bundle, { receipts: [`${last.slice(0, -3)}AAA`] })).code).toBe(1);
    expect((await verify(bundle, { receipts: [`unsigned:sha256:${"00".repeat(32)}`] })).code).toBe(2);
  });
});

/** Entries hold the facts themselves: the tree vouches for them, and nothing beside the call is asked. */
describe("facts in the entry", () => {
  function attested(parts: Parts, change: (facts: JsonObject) => JsonObject = (facts) => facts): Parts {
    const entries = bodiesOf(parts).map((body) =>
      body["kind"] === "decision" ? { ...body, facts: change(asJsonObject(Object(body["facts"]))) } : body,
    );
    return { ...parts, entry: entries.map((entry) => ({ entry })) };
  }

  test("give the same verdicts, and other facts give others", async () => {
    const own = await ownSigner();
    const parts = partsOf(bundle);
    const good = attested(parts);
    expect(await verify(linesOf(resealed(good, bodiesOf(good), own)))).toMatchObject({
      code: 0,
      judged: 18,
      findings: [],
    });
    const stopped = attested(parts, (facts) => ({ ...facts, workspace: { stopped: true, readsOnly: false } }));
    const lied = await verify(linesOf(resealed(stopped, bodiesOf(stopped), own)));
    expect(lied).toMatchObject({ code: 1, judged: 0 });
    const unreadable = attested(parts, (facts) => ({
      ...facts,
      agent: { ...Object(facts["agent"]), status: "asleep" },
    }));
    expect(await verify(linesOf(resealed(unreadable, bodiesOf(unreadable), own)))).toMatchObject({
      code: 2,
      judged: 0,
    });
  });

  test("of earlier versions that bind nothing beside the call give the same verdicts, which are called unproven", async () => {
    const parts = partsOf(bundle);
    const older = bodiesOf(parts).map(({ beside: _beside, ...body }) =>
      body["kind"] === "decision" ? { ...body, v: 2 } : body,
    );
    const report = await verify(linesOf(resealed(parts, older, await ownSigner())));
    expect(report).toMatchObject({ code: 2, judged: 0, unproven: 18 });
    expect(new Set(report.findings.map(({ code }) => code))).toEqual(new Set(["unproven_facts"]));
  });
});

/** An entry that is younger than the merge delay may still come; an older one is missing. */
const checkpointed = (codes: readonly string[], notDue: number) => codes.includes("missing_receipt") || notDue === 1;

const bodiesOf = (parts: Parts): readonly JsonObject[] =>
  (parts["entry"] ?? []).map((line) => asJsonObject(Object(line["entry"])));

async function ownSigner(): Promise<Signer> {
  const stored = await findActiveKey(systemContext(run.workspaceId).db, run.workspaceId);
  const signer = stored && signerOf(stored);
  if (!signer) throw new Error("the key does not open");
  return signer;
}

function foreignSigner(name: string): Signer {
  const made = makeSigningKey();
  const opened = openKey(sealKey(made.secret, name) ?? new Uint8Array(0), name);
  if (!opened) throw new Error("the key does not open");
  return { key: verifierKeyOf(sha256, name, made.publicKey), sign: opened.sign };
}
