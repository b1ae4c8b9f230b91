import { hash, verify } from "@node-rs/argon2";

/** @source OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, 2 passes, 1 lane; argon2id is the default */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

let dummy: Promise<string> | undefined;

/** The argon2id hash to store for a password. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFKC"), COST);
}

/**
 * Whether this is the password of that hash.
 *
 * Without a hash it does the same work on a hash nobody has the password of, so that the time tells nothing.
 */
export async function verifyPassword(password: string, storedHash: string | null): Promise<boolean> {
  dummy ??= hash(crypto.randomUUID(), COST);
  const matches = await verify(storedHash ?? (await dummy), password.normalize("NFKC"));
  return matches && storedHash !== null;
}
