import type { Metadata } from "next";

import { AcceptForm } from "@/components/people/accept-form";
import { Alert } from "@/components/ui/alert";
import { ButtonLink } from "@/components/ui/button-link";
import { VisibleText } from "@/components/ui/visible-text";
import { AppError } from "@/lib/core/shared/errors";
import { paths } from "@/lib/core/shared/paths";
import { type InvitationView, showInvitation } from "@/lib/services/people/accept-invitation";
import { OIDC_CONFIGURED } from "@/lib/web/auth";

import { acceptInvitationAction } from "./actions";

export const metadata: Metadata = { title: "Set up your account", referrer: "no-referrer", robots: { index: false } };

export default async function InvitationPage({ params }: PageProps<"/invitation/[code]">) {
  const { code } = await params;
  const invitation = await load(decodeURIComponent(code));

  return (
    <main className="mx-auto grid w-full max-w-sm content-start gap-5 px-4 py-10 sm:py-20">
      <div className="grid gap-1">
        <p className="text-base font-semibold">Interlock</p>
        <h1 className="text-xl">Set up your account</h1>
      </div>
      {invitation === null ? (
        <>
          <Alert tone="error" title="This invitation cannot be used">
            It is unknown, has been used or has expired. Ask the person who invited you for a new link.
          </Alert>
          <ButtonLink href={paths.signIn()}>Sign in</ButtonLink>
        </>
      ) : (
        <>
          <p>
            {invitation.invitedBy === null ? (
              "This account was set up with the installation"
            ) : (
              <>
                <VisibleText text={invitation.invitedBy} /> invites you
              </>
            )}{" "}
            to <VisibleText text={invitation.workspace} />, as {invitation.roles.join(", ").replaceAll("_", " ")}.
          </p>
          <AcceptForm action={acceptInvitationAction} code={code} email={invitation.email} />
          {OIDC_CONFIGURED && (
            <p className="text-xs text-muted">
              You may also <a href={paths.signIn()}>sign in with single sign-on</a>; then you need no password.
            </p>
          )}
        </>
      )}
    </main>
  );
}

async function load(code: string): Promise<InvitationView | null> {
  try {
    return await showInvitation(code);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
