import { randomUUID } from "node:crypto";

import { decode, encode } from "next-auth/jwt";
import { z } from "zod";

import { env } from "./env";
import { hashSecret } from "./secret";
import { SECURE_COOKIES } from "./session-token";

/** Browsers keep no cookie longer. */
const DEVICE_SECONDS = 400 * 24 * 60 * 60;
const MAX_ACCOUNTS = 8;
const MAX_TOKEN_CHARS = 4_000;
// Another salt than sessions have, so that neither can be taken for the other.
const SEAL = { secret: env.NEXTAUTH_SECRET, salt: "interlock-device" };

/** A browser, and the accounts that were signed in to with it. It opens nothing: it only has attempts of its own. */
const Device = z.object({ device: z.uuid(), accounts: z.array(z.string().max(64)).max(MAX_ACCOUNTS) });

/** The cookie that lets a browser be known again. */
export const DEVICE_COOKIE = {
  name: `${SECURE_COOKIES ? "__Secure-" : ""}interlock-device`,
  options: { httpOnly: true, sameSite: "lax", path: "/", secure: SECURE_COOKIES, maxAge: DEVICE_SECONDS },
} as const;

/** The id of the browser this cookie value was given to, if this account was signed in to with it; else null. */
export async function knownDevice(token: string | undefined, email: string): Promise<string | null> {
  const known = await deviceOf(token);
  return known?.accounts.includes(nameOf(email)) ? known.device : null;
}

/** The cookie value of a browser that just signed in to this account. */
export async function rememberDevice(token: string | undefined, email: string): Promise<string> {
  const { device, accounts } = (await deviceOf(token)) ?? { device: randomUUID(), accounts: [] };
  const account = nameOf(email);
  const latest = [account, ...accounts.filter((other) => other !== account)].slice(0, MAX_ACCOUNTS);
  return encode({ token: { device, accounts: latest }, maxAge: DEVICE_SECONDS, ...SEAL });
}

async function deviceOf(token: string | undefined): Promise<z.infer<typeof Device> | null> {
  if (token === undefined || token.length > MAX_TOKEN_CHARS) return null;
  try {
    return Device.safeParse(await decode({ token, ...SEAL })).data ?? null;
  } catch {
    return null;
  }
}

const nameOf = (email: string) => Buffer.from(hashSecret(email.trim().toLowerCase())).toString("base64url");
