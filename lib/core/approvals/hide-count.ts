import type { ChainStep } from "./chain";
import type { ChainEntry } from "./chain-fold";
import type { ApprovalDetail } from "./desk";

const HIDDEN = "…";

/**
 * The same action without its count outside the effect, while somebody still has to type it: a reviewer who can read it
 * off the strip has not looked at what it counts.
 */
export function withoutTypedCount(detail: ApprovalDetail): ApprovalDetail {
  const { gate, approval, display, chain } = detail;
  if (gate.typed === null || approval.state !== "waiting") return detail;
  const { count } = gate.typed;
  const hide = (text: string) => withoutNumber(text, count);
  return {
    ...detail,
    display: {
      ...display,
      reasons: display.reasons.map((reason) => ({ ...reason, message: hide(reason.message) })),
      risk: { ...display.risk, factors: display.risk.factors.map((factor) => ({ ...factor, why: hide(factor.why) })) },
    },
    chain: { ...chain, entries: chain.entries.map((entry) => entryWithout(entry, hide)) },
  };
}

function entryWithout(entry: ChainEntry, hide: (text: string) => string): ChainEntry {
  const bare = (step: ChainStep): ChainStep =>
    step.current ? { ...step, reach: null, widened: step.widened === null ? null : hide(step.widened) } : step;
  if (entry.kind === "step") return { ...entry, step: bare(entry.step) };
  return entry.kind === "repeat" ? { ...entry, first: bare(entry.first), last: bare(entry.last) } : entry;
}

/** Leaves a number out of a sentence wherever it stands by itself and names nothing, also with a comma at its thousands. */
export function withoutNumber(text: string, number: number): string {
  const forms = [...new Set([String(number), number.toLocaleString("en-US")])].map((form) =>
    form.replaceAll(".", "\\."),
  );
  return text.replaceAll(
    new RegExp(`(?<![\\w.,$-]|\\b(?:level|step|line|version) )(?:${forms.join("|")})(?![\\w]|[.,]\\d)`, "g"),
    HIDDEN,
  );
}
