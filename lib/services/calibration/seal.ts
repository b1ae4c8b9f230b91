import "server-only";

import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { JsonObject } from "@/lib/core/shared/json";

import { payloadCommitment } from "../decisions/digests";

/**
 * What the ledger says about an item once it is over: a commitment, so that nobody can change afterwards what it was
 * made from or how it ended, and nobody who reads the ledger learns how a colleague did.
 */
export const sealOf = (salt: Uint8Array, facts: JsonObject): string => payloadCommitment(salt, canonicalJson(facts));
