import "server-only";

import { randomBytes } from "node:crypto";

import { z } from "zod";

import type { SealedDestination } from "@/lib/data/destinations";
import { openSecret, sealSecret } from "@/lib/platform/sealed";

/** How long the secret before the last still signs. */
export const OVERLAP_HOURS = 24;

/** A signing secret as Standard Webhooks writes it. */
export const makeWebhookSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;

const SlackSecrets = z.object({ bot_token: z.string(), signing_secret: z.string() });
export type SlackSecrets = z.infer<typeof SlackSecrets>;

const labelOf = (destinationId: string): string => `destination ${destinationId}`;

export const sealFor = (destinationId: string, secret: string): Uint8Array<ArrayBuffer> =>
  sealSecret(secret, labelOf(destinationId));

/** The secrets a webhook is signed with now, the newest first; null when they cannot be read. */
export function webhookSecrets(destination: SealedDestination, now: Date): readonly string[] | null {
  const { id, sealed, sealed_before: before, before_until: until } = destination;
  const current = sealed && openSecret(sealed, labelOf(id));
  if (current === null) return null;
  const last = before && until && until > now ? openSecret(before, labelOf(id)) : null;
  return last === null ? [current] : [current, last];
}

/** What speaks for a bot and what its requests are signed with; null when they cannot be read. */
export function slackSecrets({ id, sealed }: SealedDestination): SlackSecrets | null {
  const text = sealed && openSecret(sealed, labelOf(id));
  if (text === null) return null;
  const parsed = SlackSecrets.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
