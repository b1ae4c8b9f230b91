import { TRACE_LIMITS } from "./limits";
import type { Rejection, RejectionCode, Rejections } from "./otlp";

/**
 * Unwinds the reading of one item and never leaves this folder. Not an `Error`: nobody reads its stack, and a body of
 * nothing but faults must not pay for a hundred thousand of them.
 */
export class ItemRefusal {
  constructor(
    readonly code: RejectionCode,
    readonly message: string,
  ) {}
}

/** Counts what was not taken, in constant space however many there are. */
export class RejectionCount implements Rejections {
  count = 0;
  readonly byCode = new Map<RejectionCode, number>();
  readonly first: Rejection[] = [];

  add(code: RejectionCode, message: string, times = 1): void {
    this.count += times;
    this.byCode.set(code, (this.byCode.get(code) ?? 0) + times);
    if (this.first.length < TRACE_LIMITS.reasons) this.first.push({ code, message });
  }

  addAll(others: Rejections): void {
    this.count += others.count;
    for (const [code, times] of others.byCode) this.byCode.set(code, (this.byCode.get(code) ?? 0) + times);
    for (const reason of others.first) if (this.first.length < TRACE_LIMITS.reasons) this.first.push(reason);
  }
}

/** The `errorMessage` of a partial success: each different reason once, the commonest code first; empty if all was taken. */
export function partialSuccessMessage(rejected: Rejections): string {
  if (rejected.count === 0) return "";
  const codes = [...rejected.byCode].sort((a, b) => b[1] - a[1]);
  const parts = codes.map(([code, times]) => {
    const example = rejected.first.find((reason) => reason.code === code)?.message;
    return `${code} (${times})${example === undefined ? "" : `: ${example}`}`;
  });
  return `${rejected.count} not accepted. ${parts.join(" ")}`;
}
