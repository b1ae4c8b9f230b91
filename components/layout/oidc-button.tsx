"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";

type Step = "idle" | "going" | "failed";

/** Sends the browser to the identity provider, by next-auth's own two requests. */
export function OidcButton({ callbackUrl }: { callbackUrl: string }) {
  const [step, setStep] = useState<Step>("idle");
  const go = () => {
    setStep("going");
    startSignOn(callbackUrl).then(
      (address) => window.location.assign(address),
      () => setStep("failed"),
    );
  };
  return (
    <div className="grid gap-3">
      <p className="text-center text-xs text-muted">or</p>
      {step === "failed" && <Alert tone="error">The identity provider could not be reached. Try again.</Alert>}
      <Button onClick={go} aria-busy={step === "going"} className="w-full">
        {step === "going" ? "Going to your identity provider…" : "Sign in with single sign-on"}
      </Button>
    </div>
  );
}

async function startSignOn(callbackUrl: string): Promise<string> {
  const token: unknown = await (await fetch("/api/auth/csrf")).json();
  const csrfToken = field(token, "csrfToken");
  const body = new URLSearchParams({ csrfToken, callbackUrl, json: "true" });
  const answer = await fetch("/api/auth/signin/oidc", { method: "POST", body });
  const address = field(await answer.json(), "url");
  if (new URL(address, window.location.href).pathname === window.location.pathname) throw new Error("sent back here");
  return address;
}

function field(value: unknown, name: string): string {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof found !== "string") throw new Error(`no ${name} in the answer`);
  return found;
}
