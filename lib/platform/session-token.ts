import { decode, encode } from "next-auth/jwt";
import { z } from "zod";

import { env } from "./env";

/** What a session cookie says: which sign-in. Everything else is read from the database at each request. */
export const SessionClaims = z.object({ signInId: z.uuid(), memberId: z.uuid(), workspaceId: z.uuid() });
export type SessionClaims = z.infer<typeof SessionClaims>;

/** How long a sign-in lasts; nothing prolongs it. */
export const SESSION_SECONDS = 12 * 60 * 60;

/** Whether people come by https, so that cookies must never travel otherwise. */
export const SECURE_COOKIES = env.PUBLIC_URL.startsWith("https://");

const PLAIN_NAME = "next-auth.session-token";

/** The one cookie of a session; its name tells next-auth, too, whether it is secure. */
export const SESSION_COOKIE = {
  name: SECURE_COOKIES ? `__Secure-${PLAIN_NAME}` : PLAIN_NAME,
  options: { httpOnly: true, sameSite: "lax", path: "/", secure: SECURE_COOKIES },
} as const;

// Claims are some 300 bytes; whatever needs more pieces than this is not ours.
const MAX_CHUNKS = 5;
const MAX_TOKEN_CHARS = 8_192;

/** The sealed cookie value for these claims, as next-auth makes it. */
export function sealSessionToken(claims: SessionClaims): Promise<string> {
  return encode({ token: SessionClaims.parse(claims), secret: env.NEXTAUTH_SECRET, maxAge: SESSION_SECONDS });
}

/**
 * The claims of next-auth's session cookie, for every process that serves people.
 *
 * Null for none, a forged, an expired or a foreign one. It proves only that we issued it: the sign-in may have ended.
 */
export async function readSessionToken(cookieHeader: string): Promise<SessionClaims | null> {
  const token = tokenOf(cookieHeader);
  if (token === null || token.length > MAX_TOKEN_CHARS) return null;
  try {
    const claims = SessionClaims.safeParse(await decode({ token, secret: env.NEXTAUTH_SECRET }));
    return claims.success ? claims.data : null;
  } catch {
    return null;
  }
}

/** The value of the session cookie, whole or put together from its numbered pieces. */
function tokenOf(cookieHeader: string): string | null {
  const jar = cookiesOf(cookieHeader);
  const whole = jar.get(SESSION_COOKIE.name);
  if (whole !== undefined) return whole;
  let token = "";
  for (let piece = 0; piece < MAX_CHUNKS; piece += 1) {
    const part = jar.get(`${SESSION_COOKIE.name}.${piece}`);
    if (part === undefined) break;
    token += part;
  }
  return token === "" ? null : token;
}

/** The first of each name, as browsers order them: the most specific path first. */
function cookiesOf(header: string): ReadonlyMap<string, string> {
  const jar = new Map<string, string>();
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).trim();
    if (at > 0 && !jar.has(name)) jar.set(name, unquoted(pair.slice(at + 1).trim()));
  }
  return jar;
}

const unquoted = (value: string) => (value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value);
