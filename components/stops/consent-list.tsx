import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { usdOf } from "@/lib/core/shared/money";
import type { Consent } from "@/lib/core/workspaces/stop";

/** Who has consented to end a stop, when and to what; and that it takes two. */
export function ConsentList({ consents }: { consents: readonly Consent[] }) {
  const counting = consents.filter((consent) => consent.counts).length;
  return (
    <p className="text-xs text-muted">
      {consents.map((consent) => (
        <span key={consent.member_id}>
          <VisibleText text={consent.name} /> consented <Time at={consent.at} />
          {allowanceText(consent)}
          {consent.counts ? "" : " (no longer counts)"}
          {" · "}
        </span>
      ))}
      {counting === 0 ? "Needs two people." : "Needs one more person."}
    </p>
  );
}

function allowanceText({ extra_steps, extra_seconds, extra_cost_micros }: Consent): string {
  const parts = [
    extra_steps > 0 ? `${extra_steps} more steps` : "",
    extra_seconds > 0 ? `${extra_seconds} more seconds` : "",
    extra_cost_micros > 0 ? `${usdOf(extra_cost_micros)} more USD` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : ` to ${parts.join(", ")}`;
}
