"use client";

import { ButtonLink } from "@/components/ui/button-link";
import { Section } from "@/components/ui/section";
import { paths } from "@/lib/core/shared/paths";

import { KeyOnce } from "./key-once";

/** What registering answered. */
export type RegisteredKey = {
  readonly agent_id: string;
  readonly key: string;
  readonly key_expires_at: Date;
  readonly manifest: { readonly version: number; readonly hash: string } | null;
};

/** The end of registering: the key, how to use it, and where to go on. */
export function RegisteredAgent({ registered }: { registered: RegisteredKey }) {
  const { agent_id, key, key_expires_at, manifest } = registered;
  return (
    <Section title={`${agent_id} is registered`}>
      <p className="max-w-[72ch] text-muted">
        {manifest
          ? `Version ${manifest.version} of its manifest is in force. It may call at once.`
          : "It is a draft: every call is denied until a manifest is published for it."}
      </p>
      <KeyOnce agentKey={key} expiresAt={key_expires_at} />
      <div className="flex flex-wrap gap-2">
        <ButtonLink href={paths.agent(agent_id)} variant="primary">
          I have stored the key
        </ButtonLink>
        {!manifest && <ButtonLink href={paths.proposeManifest(agent_id)}>Write its manifest</ButtonLink>}
      </div>
    </Section>
  );
}
