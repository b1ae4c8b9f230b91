import { Chip } from "@/components/ui/chip";
import { RowLink } from "@/components/ui/row-link";
import type { ExplainedState } from "@/lib/core/invoices/state";
import { STATE_WORDS } from "@/lib/core/invoices/words";
import { paths } from "@/lib/core/shared/paths";

/** How much telemetry there is: a word, marked where somebody should look, and with a way to the price where that is why. */
export function StateText({ state }: { state: ExplainedState }) {
  if (state === "past") return <Chip tone="warn">{STATE_WORDS.past}</Chip>;
  if (state !== "unpriced" && state !== "free") return <span className="text-muted">{STATE_WORDS[state]}</span>;
  return (
    <RowLink href={paths.prices()} prefetch={false} className="text-muted">
      {STATE_WORDS[state]}
    </RowLink>
  );
}
