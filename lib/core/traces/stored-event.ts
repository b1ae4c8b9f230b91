import type { CostStatus } from "@/lib/core/costs/cost-of-event";
import type { AgentId, CredentialId } from "@/lib/core/shared/brand";

import type { AgentEvent } from "./event";

/** What an event cost, in trillionths of a US dollar as decimal text, and how we know. */
export type StoredCost = {
  /** What counts. */
  readonly picos: string | null;
  /** What our prices make of it, whatever the sender says; null where it has no price. */
  readonly computedPicos: string | null;
  readonly status: CostStatus;
  /** The price it was computed with, `table@version#model#tier`; null where nothing was computed. */
  readonly priceRef: string | null;
};

/** An event as the door lets it in: redacted, priced and held against who sent it. */
export type AdmittedEvent = {
  readonly event: AgentEvent;
  /** Whether its time is near enough to when it arrived to count as evidence. */
  readonly inWindow: boolean;
  /** Whether it says that it is another agent's than the credential's. What it claims stays in `event`. */
  readonly claimsOther: boolean;
  /** Keyed digest of the event before redaction, 32 hex digits: the same event again has the same. */
  readonly digest: string;
  /** Keyed digest of the tool's arguments before redaction, 32 hex digits; null where there are none. */
  readonly argsDigest: string | null;
  readonly cost: StoredCost;
};

/** Whose credential events came with: the only thing about their origin that is not a claim. */
export type Sender = { readonly agentId: AgentId; readonly credentialId: CredentialId };

/** An admitted event with who sent it and when it arrived, in ISO 8601. */
export type StoredEvent = AdmittedEvent & Sender & { readonly receivedAt: string };
