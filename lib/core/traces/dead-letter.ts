import { z } from "zod";

/** What could not be written, without its content. */
export type DeadLetter = {
  readonly id: string;
  readonly inlet: string;
  readonly events: number;
  readonly attempts: number;
  readonly reason: string;
  readonly received_at: Date;
  readonly created_at: Date;
};

/** Which dead letter is tried again. */
export const ReplayInput = z.strictObject({ id: z.uuid() });
