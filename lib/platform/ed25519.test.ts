import { createPrivateKey, sign } from "node:crypto";

import { describe, expect, test } from "vitest";

import { verifyEd25519 } from "./ed25519";

const hex = (text: string) => new Uint8Array(Buffer.from(text, "hex"));

/** RFC 8032 §7.1: secret key, public key, message, signature. */
const VECTORS: readonly (readonly [string, string, string, string])[] = [
  [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
];
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;

const littleEndian = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
const bytes32 = (value: bigint) => new Uint8Array(Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse());

describe("Ed25519", () => {
  test.each(VECTORS)("vector of RFC 8032 with secret %s", (secret, key, message, signature) => {
    expect(verifyEd25519(hex(key), hex(message), hex(signature))).toBe(true);
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), hex(secret)]);
    const made = sign(null, hex(message), createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
    expect(made.toString("hex")).toBe(signature);
  });

  test("no bit of a signature, a key or a message can be changed", () => {
    for (const [, key, message, signature] of VECTORS.slice(1)) {
      const parts = [hex(key), hex(message), hex(signature)] as const;
      for (const [which, part] of parts.entries()) {
        for (let bit = 0; bit < part.length * 8; bit += 1) {
          const [changedKey = part, changedMessage = part, changedSignature = part] = parts.map((bytes, at) =>
            at === which ? bytes.map((byte, place) => (place === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)) : bytes,
          );
          expect(verifyEd25519(changedKey, changedMessage, changedSignature)).toBe(false);
        }
      }
    }
  });

  test("a second spelling of a signature is none: S must be below the order of the group", () => {
    for (const [, key, message, signature] of VECTORS) {
      const [r, s] = [hex(signature).slice(0, 32), littleEndian(hex(signature).slice(32))];
      const spelled = new Uint8Array([...r, ...bytes32(s + ORDER)]);
      expect(verifyEd25519(hex(key), hex(message), spelled)).toBe(false);
    }
  });

  test("keys of small order sign nothing, and what has another length is no key and no signature", () => {
    const neutral = hex(`01${"00".repeat(31)}`);
    const zero = new Uint8Array([...neutral, ...new Uint8Array(32)]);
    for (const point of ["01", "00", "ec", "ed", "ee"]) {
      const key = hex(point + (point.startsWith("e") ? `${"ff".repeat(30)}7f` : "00".repeat(31)));
      expect(verifyEd25519(key, hex("72"), zero)).toBe(false);
      expect(
        verifyEd25519(
          key.map((byte, at) => (at === 31 ? byte | 0x80 : byte)),
          hex("72"),
          zero,
        ),
      ).toBe(false);
    }
    const [, key = "", message = "", signature = ""] = VECTORS[1] ?? [];
    for (const length of [0, 31, 33])
      expect(verifyEd25519(new Uint8Array(length), hex(message), hex(signature))).toBe(false);
    for (const length of [0, 63])
      expect(verifyEd25519(hex(key), hex(message), hex(signature).slice(0, length))).toBe(false);
    expect(verifyEd25519(hex(key), hex(message), hex(`${signature}00`))).toBe(false);
  });
});
