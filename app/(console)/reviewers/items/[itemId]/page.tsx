import { CalibrationFeedback, FeedbackOnward } from "@/components/reviewers/calibration-feedback";
import { PageHeader } from "@/components/ui/page-header";
import { ownPath } from "@/lib/core/shared/own-path";
import { paths } from "@/lib/core/shared/paths";
import { showCalibration } from "@/lib/services/calibration/show-calibration";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageContext } from "@/lib/web/session";

export const metadata = { title: "Calibration item" };

export default async function CalibrationItemPage({ params, searchParams }: PageProps<"/reviewers/items/[itemId]">) {
  const [ctx, { itemId }, { next }] = await Promise.all([pageContext(), params, searchParams]);
  const feedback = await orNotFound(showCalibration(ctx, itemId));
  const onward = typeof next === "string" ? ownPath(next) : paths.desk();

  return (
    <>
      <PageHeader title="Calibration item" crumbs={[{ label: "Desk", href: paths.desk() }]} />
      {feedback === null ? (
        <p>This was a calibration item, and it is over. Nothing ran, and nothing could have.</p>
      ) : (
        <CalibrationFeedback feedback={feedback} />
      )}
      <FeedbackOnward href={onward} />
    </>
  );
}
