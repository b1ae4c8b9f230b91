import { readFileSync } from "node:fs";
import path from "node:path";

import type { Owner } from "./owner";

const MIGRATION = path.resolve(import.meta.dirname, "../../prisma/migrations/20261130000070_figures/migration.sql");
const BEGIN = "-- What is stored already is counted";
const END = "-- Written by `npm run db:functions`";

/** Counts all spend of a database anew from what it stores, with the statements of the migration that first did. */
export async function recountStoredSpend(owner: Owner): Promise<void> {
  const text = readFileSync(MIGRATION, "utf8");
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error("the migration has no part that counts what is stored");
  await owner.query("TRUNCATE spend_calls, spend_values, counted_runs");
  await owner.query(`BEGIN; ${text.slice(from, to)}; COMMIT`);
}
