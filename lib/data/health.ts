import "server-only";

import { z } from "zod";

import { anyone } from "./db";

const HealthRow = z.object({ migrations: z.int(), unfinished: z.int() });

/** Whether the database answers and how many migrations it has. @throws when it does not answer */
export async function checkDatabase(): Promise<z.infer<typeof HealthRow>> {
  const rows = await anyone.$queryRaw<unknown[]>`SELECT * FROM schema_state()`;
  return HealthRow.parse(rows[0]);
}

const LagRow = z.object({ due_seconds: z.number(), read_seconds: z.number() });

/** How far messages to the outside are behind, over all workspaces. @throws when the database does not answer */
export async function findDeliveryLag(): Promise<z.infer<typeof LagRow>> {
  const rows = await anyone.$queryRaw<unknown[]>`SELECT * FROM delivery_lag()`;
  return LagRow.parse(rows[0]);
}
