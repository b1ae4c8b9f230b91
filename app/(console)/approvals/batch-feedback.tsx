import { CalibrationFeedback } from "@/components/reviewers/calibration-feedback";
import { Section } from "@/components/ui/section";
import { listFeedback } from "@/lib/services/calibration/show-calibration";
import type { ServiceContext } from "@/lib/services/context";

/** The calibration items among the actions of a batch, for the person who answered them. */
export async function BatchFeedback({ ctx, ids }: { ctx: ServiceContext; ids: readonly string[] }) {
  const items = await listFeedback(ctx, ids);
  if (items.length === 0) return null;
  return (
    <Section title="Calibration">
      {items.map((feedback) => (
        <CalibrationFeedback key={feedback.item} feedback={feedback} />
      ))}
    </Section>
  );
}
