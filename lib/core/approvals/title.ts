import type { ApprovalDetail } from "./desk";
import { actText } from "./headline-text";

const STATE_WORDS: Record<string, string> = {
  approved: "Approved",
  denied: "Denied",
  returned: "Returned",
  expired: "Expired",
  withdrawn: "Withdrawn",
  superseded: "Superseded",
  consumed: "Approved, used",
};

/** The title of the desk's page: `Deny? DELETE 214 rows · High · Desk`. */
export function deskTitle(detail: ApprovalDetail | null): string {
  if (detail === null) return "Desk";
  const { approval, display, gate } = detail;
  const waiting = approval.state === "waiting";
  const act = actText(display.headline, { hideCount: waiting && gate.typed !== null });
  const lead = waiting ? "Deny? " : `${STATE_WORDS[approval.state] ?? approval.state}: `;
  return `${lead}${act} · ${approval.band.charAt(0).toUpperCase()}${approval.band.slice(1)} · Desk`;
}
