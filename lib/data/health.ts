import "server-only";

import { z } from "zod";

import { anyone } from "./db";

const HealthRow = z.object({ migrations: z.int(), unfinished: z.int() });

/** Whether the database answers and how many migrations it has. @throws when it does not answer */
export async function checkDatabase(): Promise<z.infer<typeof HealthRow>> {
  const rows = await anyone.$queryRaw<unknown[]>`SELECT * FROM schema_state()`;
  return HealthRow.parse(rows[0]);
}
