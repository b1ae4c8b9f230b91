import "server-only";

import { cookies } from "next/headers";
import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { z } from "zod";

import { ownPath } from "@/lib/core/shared/own-path";
import { paths } from "@/lib/core/shared/paths";
import { env } from "@/lib/platform/env";
import { DEVICE_COOKIE, knownDevice, rememberDevice } from "@/lib/platform/device-token";
import { log } from "@/lib/platform/log";
import { SECURE_COOKIES, SESSION_COOKIE, SESSION_SECONDS, SessionClaims } from "@/lib/platform/session-token";
import { resumeSession } from "@/lib/services/workspaces/resume-session";
import { signIn } from "@/lib/services/workspaces/sign-in";
import { signInVerified } from "@/lib/services/workspaces/sign-in-verified";
import { signOut } from "@/lib/services/workspaces/sign-out";

import { addressOf } from "./client-address";

/** The error next-auth passes on when attempts are used up. */
export const TOO_MANY = "too_many_attempts";

/** The routes of next-auth that are used here; asked for others, it fails in several ways. */
const ROUTES = {
  GET: /^(?:providers|session|csrf|signin|signin\/oidc|signout|error|callback\/oidc)$/,
  POST: /^(?:signin|signin\/oidc|signin\/credentials|signout|callback\/credentials)$/,
} as const;

/** Whether next-auth has an answer for this method and path below `/api/auth`. */
export const isAuthRoute = (method: string, path: readonly string[]): boolean =>
  ROUTES[method === "POST" ? "POST" : "GET"].test(path.join("/"));

/** Where next-auth keeps the address to come back to. */
export const CALLBACK_COOKIE = `${SECURE_COOKIES ? "__Secure-" : ""}next-auth.callback-url`;

/** Whether next-auth can read an address to come back to: a path, or http. Where it leads is decided by `redirect`. */
export const isReadableAddress = (address: string): boolean =>
  address === "" ||
  (URL.canParse(address, address.startsWith("/") ? env.PUBLIC_URL : undefined) &&
    /^https?:$/.test(new URL(address, env.PUBLIC_URL).protocol));

/** Whether people may sign in with the organisation's identity provider. */
export const OIDC_CONFIGURED = env.OIDC_ISSUER !== undefined;

const Credential = z.object({ email: z.string().max(320), password: z.string().max(1_000) });
const Signed = z.object({ claims: SessionClaims });
const Profile = z.object({ sub: z.string().min(1), email: z.string(), email_verified: z.literal(true) });

const password = Credentials({
  credentials: { email: { label: "E-mail address", type: "email" }, password: { label: "Password", type: "password" } },
  async authorize(credentials, request) {
    const given = Credential.safeParse(credentials);
    if (!given.success) return null;
    const jar = await cookies();
    const browser = jar.get(DEVICE_COOKIE.name)?.value;
    const device = await knownDevice(browser, given.data.email);
    const result = await signIn({ ...given.data, address: addressOf(new Headers(request.headers)), device });
    if (result.ok) jar.set(DEVICE_COOKIE.name, await rememberDevice(browser, given.data.email), DEVICE_COOKIE.options);
    if (result.ok) return { id: result.claims.memberId, claims: result.claims };
    if (result.why === "too_many") throw new Error(TOO_MANY);
    return null;
  },
});

const identityProvider = {
  id: "oidc",
  name: "Single sign-on",
  type: "oauth",
  wellKnown: `${env.OIDC_ISSUER}/.well-known/openid-configuration`,
  ...(env.OIDC_ISSUER !== undefined && { issuer: env.OIDC_ISSUER }),
  ...(env.OIDC_CLIENT_ID !== undefined && { clientId: env.OIDC_CLIENT_ID }),
  ...(env.OIDC_CLIENT_SECRET !== undefined && { clientSecret: env.OIDC_CLIENT_SECRET }),
  authorization: { params: { scope: "openid email profile" } },
  idToken: true,
  checks: ["pkce", "state", "nonce"],
  profile: (profile: { sub: string }) => ({ id: profile.sub }),
} satisfies NextAuthOptions["providers"][number];

/**
 * next-auth, reduced to who signs in how. Its cookie names a sign-in of ours and says nothing else; what it opens is
 * looked up at each request, so ending the sign-in ends the session whatever the cookie says.
 */
export const authOptions: NextAuthOptions = {
  secret: env.NEXTAUTH_SECRET,
  providers: OIDC_CONFIGURED ? [password, identityProvider] : [password],
  session: { strategy: "jwt", maxAge: SESSION_SECONDS },
  useSecureCookies: SECURE_COOKIES,
  cookies: { sessionToken: SESSION_COOKIE },
  pages: { signIn: paths.signIn(), signOut: paths.signIn(), error: paths.signIn() },
  callbacks: {
    async signIn({ user, account, profile }) {
      if (account?.provider !== "oidc") return true;
      const known = Profile.safeParse(profile);
      const claims = known.success ? await signInVerified(known.data.email) : null;
      Object.assign(user, { claims });
      return claims !== null;
    },
    async jwt({ token, user }) {
      const signed = Signed.safeParse(user);
      if (signed.success) return signed.data.claims;
      const claims = SessionClaims.parse(token);
      // Thrown, because next-auth then clears the cookie; anything returned would renew it.
      if (!(await resumeSession(claims))) throw new Error("the session has ended");
      return claims;
    },
    session: ({ session }) => ({ expires: session.expires }),
    redirect: ({ url, baseUrl }) => baseUrl + ownPath(url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url),
  },
  events: {
    async signOut({ token }) {
      const claims = SessionClaims.safeParse(token);
      const ctx = claims.success ? await resumeSession(claims.data) : null;
      if (claims.success && ctx) await signOut(ctx, claims.data);
    },
  },
  logger: {
    // Only the words: next-auth's details hold profiles and tokens.
    error: (code, details) =>
      log.warn({ code, reason: details instanceof Error ? details.message : undefined }, "next-auth"),
    warn: () => undefined,
    debug: () => undefined,
  },
};
