import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { bundleLine } from "@/lib/core/ledger/bundle-line";
import { checkpointText } from "@/lib/core/ledger/checkpoint";
import { EXIT_CODES } from "@/lib/core/ledger/exit-codes";
import { noteOf } from "@/lib/core/ledger/note";
import { verifierKeyOf } from "@/lib/core/ledger/verifier-key";
import { sha256 } from "@/lib/platform/ed25519";
import { makeSigningKey, openKey, sealKey } from "@/lib/platform/ledger-key";

import { exitCodeOfFailure, runDiff, runVerify } from "./run-verify";

const folder = mkdtempSync(path.join(tmpdir(), "verify-"));
const ORIGIN = "log.example/one";

function put(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

function givenSigner(name = ORIGIN) {
  const made = makeSigningKey();
  const opened = openKey(sealKey(made.secret, name) ?? new Uint8Array(0), name);
  if (!opened) throw new Error("the key does not open");
  return { key: verifierKeyOf(sha256, name, made.publicKey), sign: opened.sign };
}

const signer = givenSigner();
const checkpoint = (size: bigint, root: string, by = signer) => {
  const text = checkpointText({ origin: by.key.name, size, root: root.repeat(32), at: "2026-11-21T10:00:00.000Z" });
  return noteOf(text, by.key, by.sign(new TextEncoder().encode(text)));
};

describe("comparing checkpoints", () => {
  const keys = [signer.key.text];
  const diff = (one: string, other: string) => runDiff({ files: [put("a", one), put("b", other)], keys });

  test("one size with two roots is a fork, one root is one history, two sizes say nothing", () => {
    expect(diff(checkpoint(9n, "aa"), checkpoint(9n, "bb"))).toMatchObject({
      code: 1,
      text: "FORK: two histories of 9 entries are signed.",
    });
    expect(diff(checkpoint(9n, "aa"), checkpoint(9n, "aa")).code).toBe(0);
    expect(diff(checkpoint(9n, "aa"), checkpoint(8n, "aa")).code).toBe(2);
  });

  test("what nobody we know signed, or what was changed, proves nothing", () => {
    expect(diff(checkpoint(9n, "aa"), checkpoint(9n, "bb", givenSigner())).code).toBe(3);
    expect(diff(checkpoint(9n, "aa"), checkpoint(9n, "aa").replace("\n9\n", "\n8\n")).code).toBe(1);
    expect(diff(checkpoint(9n, "aa"), "nothing").code).toBe(1);
  });
});

describe("files that are no bundles", () => {
  const keys = [put("key", `${signer.key.text}\n`)];
  const files: readonly [string, string | Uint8Array][] = [
    ["empty", ""],
    ["blank lines", "\n\n\n"],
    ["text", "hello\nworld\n"],
    ["a list", "[1,2]\n"],
    ["deep", `${"[".repeat(100_000)}\n`],
    ["binary", Uint8Array.from({ length: 4_096 }, (_, n) => (n * 7) & 255)],
    ["broken gzip", gzipSync("x".repeat(10_000)).subarray(0, 30)],
    ["a header alone", bundleLine("header", { format: "interlock-bundle", v: 1, log: ORIGIN, size: 0, root_hash: "" })],
    [
      "lines of every kind without sense",
      ["key", "checkpoint", "entry", "manifest", "tool", "payload", "end"]
        .map((type) => `{"type":"${type}"}`)
        .join("\n"),
    ],
    ["a line named like a method", '{"type":"toString"}\n{"type":"__proto__"}\n'],
  ];

  test.each(files)("%s is answered and never ok", async (name, content) => {
    const { code, text } = await runVerify({ bundle: put(name, content), keys, receipts: [], json: true });
    expect([1, 2]).toContain(code);
    expect(JSON.parse(text).code).toBe(code);
  });

  const codeOf = (wrong: object) =>
    runVerify({ bundle: put("x", ""), keys, receipts: [], ...wrong }).then(({ code }) => code, exitCodeOfFailure);

  test("what is not there, or is no file, is no verdict and has a code of its own", async () => {
    for (const wrong of [
      { bundle: "/nowhere" },
      { bundle: folder },
      { keys: ["/nowhere"] },
      { since: "/nowhere" },
      { receipts: ["/nowhere"] },
    ])
      expect(await codeOf(wrong)).toBe(66);
  });

  test("a key that is none is wrong usage", async () => {
    expect(await codeOf({ keys: ["log.example/one+00000000+AAAA"] })).toBe(64);
    expect(await codeOf({ keys: [put("no-key", "nonsense")] })).toBe(64);
  });

  test("no code is said twice, and no failure is a verdict", () => {
    const codes = EXIT_CODES.map(([code]) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(exitCodeOfFailure(new Error("of ours"))).toBe(70);
  });
});
