import type { VerifyEd25519 } from "@/lib/core/ledger/verifier-key";
import { isSmallOrder } from "@/lib/core/shared/small-order";

type Asked = {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly message: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
};

const AT_ONCE = 64;
const ED25519 = { name: "Ed25519" };

/** Whether this browser can check a signature of a log: not on a page without TLS, and not if it is too old. */
export async function canVerify(): Promise<boolean> {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) return false;
  // The base point is a point like any other.
  const key = new Uint8Array(32).fill(0x66);
  key[0] = 0x58;
  return crypto.subtle.importKey("raw", key, ED25519, false, ["verify"]).then(
    () => true,
    () => false,
  );
}

/**
 * Judges with the browser's own Ed25519, which answers later, although judging wants answers at once.
 *
 * What is not known yet is answered with no, taken down and looked up; then it is judged again, until nothing was open.
 * Only that last judgement is returned.
 */
export async function withSignatures<T>(judge: (verify: VerifyEd25519) => T): Promise<T> {
  const known = new Map<string, boolean>();
  for (;;) {
    const open = new Map<string, Asked>();
    const result = judge((publicKey, message, signature) => {
      const name = [publicKey, message, signature].map((bytes) => bytes.join(" ")).join("|");
      const answer = known.get(name);
      if (answer === undefined)
        open.set(name, { publicKey: copy(publicKey), message: copy(message), signature: copy(signature) });
      return answer ?? false;
    });
    if (open.size === 0) return result;
    const names = [...open];
    for (let at = 0; at < names.length; at += AT_ONCE) {
      const slice = names.slice(at, at + AT_ONCE);
      const answers = await Promise.all(slice.map(([, asked]) => isRight(asked)));
      for (const [index, [name]] of slice.entries()) known.set(name, answers[index] ?? false);
    }
  }
}

/** Total: what is no key or no signature is false. */
async function isRight({ publicKey, message, signature }: Asked): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64 || isSmallOrder(publicKey)) return false;
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, ED25519, false, ["verify"]);
    return await crypto.subtle.verify(ED25519, key, signature, message);
  } catch {
    return false;
  }
}

const copy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);
