import type { WorkspaceId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { createSeats } from "@/lib/platform/seats";

/** Bodies that are held in memory at once, in all and of one workspace. */
const seats = createSeats({ most: 12, mostOfOne: 6 });

/** Does the work while few enough others do theirs. @throws {AppError} `over_limit`, `unavailable` otherwise */
export async function inTurn<T>(workspaceId: WorkspaceId, work: () => Promise<T>): Promise<T> {
  const end = seats.take(workspaceId);
  if (end === "own")
    throw new AppError("over_limit", "This workspace sends too much at once. Send it later.", { reason: "busy" });
  if (end === "all")
    throw new AppError("unavailable", "Too much is being sent at once. Send it later.", { reason: "busy" });
  try {
    return await work();
  } finally {
    end();
  }
}
