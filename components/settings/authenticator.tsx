"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CopyBlock } from "@/components/ui/copy-block";
import { CopyText } from "@/components/ui/copy-text";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { TextInput } from "@/components/ui/text-input";
import { Time } from "@/components/ui/time";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

import { QrCode } from "./qr-code";

export type BegunApp = { readonly secret: string; readonly qr: { readonly size: number; readonly path: string } };

export type StepUpActions = {
  readonly begin: FormAction<BegunApp>;
  readonly confirm: FormAction<{ readonly recovery_codes: readonly string[] }>;
  readonly remove: FormAction;
};

type AuthenticatorProps = {
  /** Since when one is set up; null for none. */
  since: Date | null;
  /** Whether the workspace asks for a code from High. */
  fromHigh: boolean;
  actions: StepUpActions;
};

/** One's own authenticator app: what approving the riskiest actions asks for besides a sign-in. */
export function Authenticator({ since, fromHigh, actions }: AuthenticatorProps) {
  // Kept here, because confirming draws the page anew and these are nowhere else.
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const confirm: StepUpActions["confirm"] = async (previous, form) => {
    const answer = await actions.confirm(previous, form);
    if (answer.status === "done" && answer.data) setCodes(answer.data.recovery_codes);
    return answer;
  };
  const bands = fromHigh ? "a High or Critical action" : "a Critical action";
  return (
    <Section title="Security" id="security">
      <p className="max-w-[72ch] text-muted">
        Approving {bands} asks for a fresh code from an authenticator app on your phone, so that a stolen session cannot
        approve it. Denying never asks for one.
      </p>
      <div className="grid max-w-2xl gap-3 border-y border-hair bg-surface p-3">
        {codes !== null ? (
          <RecoveryCodes codes={codes} onKept={() => setCodes(null)} />
        ) : since !== null ? (
          <SetUp since={since} remove={actions.remove} />
        ) : (
          <Enrol begin={actions.begin} confirm={confirm} />
        )}
      </div>
    </Section>
  );
}

function Enrol({ begin, confirm }: Pick<StepUpActions, "begin" | "confirm">) {
  const { state, pending, form } = useFormAction(begin);
  if (state.status === "done" && state.data) return <FirstCode begun={state.data} confirm={confirm} />;
  return (
    <>
      <form {...form} className="flex flex-wrap items-center gap-3">
        <p>You have no authenticator app set up.</p>
        <Button type="submit" variant="primary" aria-busy={pending}>
          {pending ? "Making a secret…" : "Set up an authenticator app"}
        </Button>
      </form>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
    </>
  );
}

function FirstCode({ begun, confirm }: { begun: BegunApp; confirm: StepUpActions["confirm"] }) {
  const { state, pending, form } = useFormAction(confirm);
  return (
    <div className="grid gap-3 sm:grid-cols-[auto_minmax(0,1fr)]">
      <QrCode {...begun.qr} label="The secret as a QR code, for the app's camera" />
      <div className="grid content-start gap-3">
        <p>
          Scan this with an authenticator app, or type the secret into it:{" "}
          <CopyText value={begun.secret} label="the secret" />
        </p>
        <p className="text-muted">It is shown now and never again.</p>
        <form {...form} className="flex flex-wrap items-end gap-3">
          <Field label="The code your app shows now">
            <TextInput
              name="code"
              required
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={12}
              autoFocus
              className="w-40"
            />
          </Field>
          <Button type="submit" variant="primary" aria-busy={pending}>
            {pending ? "Checking…" : "Confirm"}
          </Button>
        </form>
        {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      </div>
    </div>
  );
}

function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  return (
    <div className="grid gap-3" role="status">
      <p>
        <b>Your app is set up.</b> Keep these recovery codes where your phone is not: each can take the app away once,
        if you lose it. They approve nothing. They are shown now and never again.
      </p>
      <CopyBlock text={codes.join("\n")} label="recovery codes" />
      <div>
        <Button variant="primary" onClick={onKept}>
          I have kept them
        </Button>
      </div>
    </div>
  );
}

function SetUp({ since, remove }: { since: Date; remove: FormAction }) {
  const { state, pending, form } = useFormAction(remove);
  return (
    <>
      <p>
        Your authenticator app is set up since <Time at={since} mode="date" />.
      </p>
      <form {...form} className="flex flex-wrap items-end gap-3">
        <Field label="To remove it" hint="A code it shows now, or a recovery code.">
          <TextInput name="code" required autoComplete="one-time-code" maxLength={40} className="w-60" />
        </Field>
        <Button type="submit" aria-busy={pending}>
          {pending ? "Checking…" : "Remove"}
        </Button>
      </form>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
    </>
  );
}
