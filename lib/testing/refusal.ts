import { AppError } from "@/lib/core/shared/errors";

/** The reason for which an attempt is refused. @throws where it is not refused, or fails with something else */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof AppError) return error.reason;
    throw error;
  }
  throw new Error("was not refused");
}
