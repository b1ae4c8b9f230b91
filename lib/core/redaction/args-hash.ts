import { canonicalJson, NotCanonicalError } from "@/lib/core/shared/canonical-json";
import type { Json } from "@/lib/core/shared/json";

import type { KeyedHash } from "./redact";

/**
 * The keyed digest of a call's arguments as they were sent, before anything is redacted: equal arguments meet under it and
 * nobody without the key can guess them from it. Null for what has no canonical form.
 *
 * @source RFC 8785 for the form
 */
export function argsHash(hash: KeyedHash, args: Json): string | null {
  try {
    return hash(canonicalJson(args));
  } catch (error) {
    if (error instanceof NotCanonicalError) return null;
    throw error;
  }
}
