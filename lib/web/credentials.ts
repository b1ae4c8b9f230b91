import "server-only";

import { cookies, headers } from "next/headers";
import { redirect, unstable_rethrow } from "next/navigation";
import { v7 as uuidv7 } from "uuid";

import type { ActionState } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";
import { DEVICE_COOKIE, knownDevice, rememberDevice } from "@/lib/platform/device-token";
import { sealSessionToken, SESSION_COOKIE, SESSION_SECONDS, type SessionClaims } from "@/lib/platform/session-token";
import { AcceptInvitationForm } from "@/lib/core/workspaces/forms";
import { acceptInvitation, signInJoined } from "@/lib/services/people/accept-invitation";
import { signIn, type SignInResult } from "@/lib/services/workspaces/sign-in";
import { signOut } from "@/lib/services/workspaces/sign-out";

import { refused, refusedInput } from "./action";
import { addressOf } from "./client-address";
import { requireSameOrigin } from "./same-origin";
import { currentContext, sessionClaims } from "./session";

/**
 * The sign-in form's action: the same service and the same cookie as next-auth's own route, without the detour, so that
 * it works before any script has loaded and can say what is wrong.
 *
 * @param returnTo a path of our own
 */
export async function signInWithPassword(form: FormData, returnTo: string): Promise<ActionState> {
  try {
    await requireSameOrigin();
    const email = textOf(form, "email", 320);
    const password = textOf(form, "password", 1_000);
    if (email === null || password === null) {
      return { status: "refused", code: "invalid_input", message: "Enter your e-mail address and your password." };
    }
    const jar = await cookies();
    const browser = jar.get(DEVICE_COOKIE.name)?.value;
    const device = await knownDevice(browser, email);
    const result = await signIn({ email, password, address: addressOf(await headers()), device });
    if (!result.ok) return { status: "refused", code: result.why, message: refusalOf(result) };
    await endSession();
    await setSessionCookie(result.claims);
    jar.set(DEVICE_COOKIE.name, await rememberDevice(browser, email), DEVICE_COOKIE.options);
  } catch (error) {
    unstable_rethrow(error);
    return refused(error, uuidv7());
  }
  redirect(returnTo);
}

/**
 * Sets up an invited person's account with the password they chose, and signs them in.
 *
 * @param returnTo a path of our own
 */
export async function acceptAndSignIn(form: FormData, returnTo: string): Promise<ActionState> {
  try {
    await requireSameOrigin();
    const given = AcceptInvitationForm.safeParse({ code: form.get("code"), password: form.get("password") });
    if (!given.success) return refusedInput(given.error);
    const { code, password } = given.data;
    const joined = await acceptInvitation(code, { password });
    await endSession();
    await setSessionCookie(await signInJoined(joined));
  } catch (error) {
    unstable_rethrow(error);
    return refused(error, uuidv7());
  }
  redirect(returnTo);
}

/** Ends the session of this browser and sends it to the sign-in page. */
export async function signOutHere(): Promise<void> {
  await requireSameOrigin();
  await endSession();
  const jar = await cookies();
  for (const { name } of jar.getAll()) {
    if (name === SESSION_COOKIE.name || name.startsWith(`${SESSION_COOKIE.name}.`)) jar.delete(name);
  }
  redirect(paths.signIn());
}

async function endSession(): Promise<void> {
  const [ctx, claims] = [await currentContext(), await sessionClaims()];
  if (ctx && claims) await signOut(ctx, claims);
}

async function setSessionCookie(claims: SessionClaims): Promise<void> {
  const jar = await cookies();
  jar.set(SESSION_COOKIE.name, await sealSessionToken(claims), { ...SESSION_COOKIE.options, maxAge: SESSION_SECONDS });
}

function refusalOf(result: Extract<SignInResult, { ok: false }>): string {
  if (result.why === "wrong") return "The e-mail address or the password is wrong.";
  const minutes = Math.ceil(result.retryAfterSeconds / 60);
  return `Too many attempts. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
}

function textOf(form: FormData, name: string, longest: number): string | null {
  const value = form.get(name);
  return typeof value === "string" && value !== "" && value.length <= longest ? value : null;
}
