import { Display } from "@/lib/core/approvals/display";
import { AppError } from "@/lib/core/shared/errors";
import type { StoredApproval } from "@/lib/data/approvals";

/** What reviewers of a stored request are shown. @throws {AppError} `unavailable` when this version cannot read it */
export function readDisplay(stored: Pick<StoredApproval, "display">): Display {
  const display = Display.safeParse(stored.display);
  if (display.success) return display.data;
  throw new AppError("unavailable", "This action was recorded by another version and cannot be shown here.", {
    reason: "display_unreadable",
    cause: display.error,
  });
}
