import { cache } from "react";

import { AppError } from "@/lib/core/shared/errors";
import { showApproval } from "@/lib/services/approvals/show-approval";

/** The action of an address, read once for the page and its title; null when there is none. */
export const loadApproval = cache(async (ctx: Parameters<typeof showApproval>[0], id: string) => {
  try {
    return await showApproval(ctx, id);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
});
