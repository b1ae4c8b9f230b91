import { redirect } from "next/navigation";
import { cache } from "react";

import { AppError } from "@/lib/core/shared/errors";
import { paths } from "@/lib/core/shared/paths";
import { isPastCalibration } from "@/lib/services/calibration/show-calibration";
import { showApproval } from "@/lib/services/approvals/show-approval";

/** The action of an address, read once for the page and its title; null when there is none. */
export const loadApproval = cache(async (ctx: Parameters<typeof showApproval>[0], id: string) => {
  // One that was a calibration item is explained, not shown as if it had been real.
  if (await isPastCalibration(ctx, id)) redirect(paths.calibrationItem(id));
  try {
    return await showApproval(ctx, id);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
});
