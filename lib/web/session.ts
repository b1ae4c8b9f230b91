import "server-only";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";

import { AppError } from "@/lib/core/shared/errors";
import { ownPath } from "@/lib/core/shared/own-path";
import { paths } from "@/lib/core/shared/paths";
import { readSessionToken, type SessionClaims } from "@/lib/platform/session-token";
import type { ServiceContext } from "@/lib/services/context";
import { resumeSession } from "@/lib/services/workspaces/resume-session";

/** What the cookie of this request claims; whether it still holds, only `currentContext` knows. */
export const sessionClaims = cache(async (): Promise<SessionClaims | null> => {
  return readSessionToken((await headers()).get("cookie") ?? "");
});

/** The signed-in person's context, resolved once per request; null for nobody. */
export const currentContext = cache(async (): Promise<ServiceContext | null> => {
  const claims = await sessionClaims();
  return claims && resumeSession(claims);
});

/** @throws {AppError} `unauthenticated` when nobody is signed in */
export async function userContext(): Promise<ServiceContext> {
  const ctx = await currentContext();
  if (!ctx) throw new AppError("unauthenticated", "Your session has ended. Sign in again.");
  return ctx;
}

/** The context of a page: sends people without a session to sign in, and back afterwards. */
export async function pageContext(): Promise<ServiceContext> {
  const ctx = await currentContext();
  if (ctx) return ctx;
  // Set by the api process in front; a path of our own is all that is ever taken from it.
  const here = ownPath((await headers()).get("x-interlock-path")).replace(/[?&]_rsc=[^&]*/, "");
  redirect(here === "/" ? paths.signIn() : `${paths.signIn()}?${new URLSearchParams({ callbackUrl: here })}`);
}
