import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { checkpointText } from "@/lib/core/ledger/checkpoint";
import { EXIT_CODES } from "@/lib/core/ledger/exit-codes";
import { rootOfLeaves } from "@/lib/core/ledger/merkle";
import { noteOf } from "@/lib/core/ledger/note";
import { batchReceipts } from "@/lib/core/ledger/promise";
import { rotationMessage } from "@/lib/core/ledger/rotation";
import { verifierKeyOf } from "@/lib/core/ledger/verifier-key";
import { base64Of } from "@/lib/core/shared/base64";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { actionDigest, digestOf } from "@/lib/core/shared/digest";
import { sha256 } from "@/lib/platform/ed25519";
import { leafHash, payloadCommitment, salted, sha256Hex } from "@/lib/services/decisions/digests";

const PAGE = readFileSync(new URL("../core/ledger/format.md", import.meta.url), "utf8");
const NAME = "log.example/ledger/1";
const AT = "2026-01-01T00:00:00.000Z";
const utf8 = new TextEncoder();

/** A key whose secret is 32 bytes that count up from here. */
function signerFrom(first: number) {
  const secret = Buffer.from(Array.from({ length: 32 }, (_, at) => first + at));
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), secret]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
  const signing = (message: Uint8Array) => new Uint8Array(sign(null, message, key));
  return { key: verifierKeyOf(sha256, NAME, new Uint8Array(publicKey)), sign: signing };
}

function workedExample(): string {
  const [one, heir] = [signerFrom(0), signerFrom(32)];
  const salt = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
  const call = { args: { id: "C-1" }, run_id: "r-1", session_id: "s-1", tool: "read_record" };
  const definition = { description: "Reads a record.", name: "read_record" };
  const toolHash = digestOf(sha256Hex, definition);
  const about = { agent: "a-1", session: "s-1", tool: "read_record", tool_hash: toolHash, args: call.args };
  const digest = actionDigest(sha256Hex, { ...about, manifest_version: 1 });
  const beside = canonicalJson({ reach: null, readings: null });
  const entries = [
    canonicalJson({ kind: "workspace.create", v: 1 }),
    canonicalJson({
      action: salted(salt, digest),
      kind: "decision",
      payload: payloadCommitment(salt, canonicalJson(call)),
    }),
  ];
  const leaves = entries.map(leafHash);
  const root = rootOfLeaves(sha256, leaves);
  const text = checkpointText({ origin: NAME, size: 2n, root, at: AT });
  const decision = "0199aaaa-0000-7000-8000-000000000001";
  const promised = [
    { decision, leaf: leaves[1] ?? "" },
    { decision: "0199aaaa-0000-7000-8000-000000000002", leaf: leaves[0] ?? "" },
  ];
  const [receipt] = batchReceipts(sha256, { log: NAME, key: one.key.id, at: AT }, promised, one.sign);
  return [
    "secret of the key     00 01 02 … 1f",
    `verifier key          ${one.key.text}`,
    "secret of its heir    20 21 22 … 3f",
    `its verifier key      ${heir.key.text}`,
    `rotation, signature   ${base64Of(one.sign(rotationMessage(one.key, heir.key)))}`,
    `salt                  ${salt.toString("hex")}`,
    `call                  ${canonicalJson(call)}`,
    `payload               ${payloadCommitment(salt, canonicalJson(call))}`,
    `beside                ${payloadCommitment(salt, beside)} of ${beside}`,
    `tool definition       ${canonicalJson(definition)}`,
    `tool_hash             ${toolHash}`,
    `action digest         ${digest} for agent a-1 by its manifest version 1`,
    `action                ${salted(salt, digest)}`,
    `entry 0               ${entries[0]}`,
    `leaf 0                ${leaves[0]}`,
    `entry 1               ${entries[1]}`,
    `leaf 1                ${leaves[1]}`,
    `root                  ${root}`,
    `receipt of entry 1    ${receipt}`,
    "checkpoint",
    noteOf(text, one.key, one.sign(utf8.encode(text))).trimEnd(),
  ].join("\n");
}

test("the page's worked example is what the code makes", () => {
  expect(PAGE).toContain(`\`\`\`\n${workedExample()}\n\`\`\`\n`);
});

test("the page and the manual say the exit codes as the code does", () => {
  const table = EXIT_CODES.map(([code, meaning]) => `| ${code} | ${meaning} |`).join("\n");
  expect(PAGE).toContain(`| Code | Meaning |\n|---|---|\n${table}\n`);
});
