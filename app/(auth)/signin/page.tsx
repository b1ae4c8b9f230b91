import type { Metadata } from "next";
import { redirect } from "next/navigation";

import { OidcButton } from "@/components/layout/oidc-button";
import { SignInForm } from "@/components/layout/sign-in-form";
import { Alert } from "@/components/ui/alert";
import { paths } from "@/lib/core/shared/paths";
import { SignInQuery } from "@/lib/core/workspaces/forms";
import { describeSignIn } from "@/lib/services/workspaces/describe-sign-in";
import { OIDC_CONFIGURED, TOO_MANY } from "@/lib/web/auth";
import { ownPathOf } from "@/lib/web/origin";
import { currentContext } from "@/lib/web/session";

import { signInAction } from "./actions";

export const metadata: Metadata = { title: "Sign in" };

const ERRORS: Record<string, string> = {
  CredentialsSignin: "The e-mail address or the password is wrong.",
  AccessDenied:
    "Your identity provider knows you, but no active member here has your verified e-mail address. Ask an administrator to invite you.",
  [TOO_MANY]: "Too many attempts. Try again in a few minutes.",
};
const OTHER_ERROR =
  "Single sign-on did not work. Try again; if it happens again, an administrator finds the reason in the server's log.";

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { callbackUrl, error } = SignInQuery.parse(await searchParams);
  const wanted = ownPathOf(callbackUrl);
  const returnTo = wanted === "/" ? paths.overview() : wanted;
  if (await currentContext()) redirect(returnTo);
  const { demo } = await describeSignIn();

  return (
    <main className="mx-auto grid w-full max-w-sm content-start gap-5 px-4 py-10 sm:py-20">
      <div className="grid gap-1">
        <p className="text-base font-semibold">Interlock</p>
        <h1 className="text-xl">Sign in</h1>
      </div>
      {demo && (
        <Alert tone="info" title="This is a demo workspace">
          Its agents, calls and people are made up. Two sign-ins were printed in the terminal where Interlock was
          started: yours, and a second person’s for what takes two.
        </Alert>
      )}
      {error !== undefined && <Alert tone="error">{Object.hasOwn(ERRORS, error) ? ERRORS[error] : OTHER_ERROR}</Alert>}
      <SignInForm action={signInAction} callbackUrl={returnTo} />
      {OIDC_CONFIGURED && <OidcButton callbackUrl={returnTo} />}
      <p className="text-xs text-muted">No account? An administrator of your workspace can invite you.</p>
    </main>
  );
}
