import { z } from "zod";

import type { Owner } from "../owner";
import { violation, type Violation } from "./violation";

const Column = z.object({ table: z.string(), column: z.string(), has_id: z.boolean() });
const Meeting = z.object({ place: z.string(), id: z.string() });

/**
 * 14: no row names anything of another workspace. Ids are unique in the whole installation, so whichever column an id
 * stands in, finding it among another workspace's rows is a leak: the check needs no list of who points to whom.
 */
export async function tenancyViolations(on: Owner, workspaceId: string): Promise<Violation[]> {
  const columns = Column.array().parse((await on.query(COLUMNS)).rows);
  const names = columns.filter(({ column }) => column !== "workspace_id" && column !== "id");
  const refs = names.map(
    ({ table, column }) =>
      `SELECT '${table}.${column}' AS place, "${column}" AS id FROM "${table}" WHERE workspace_id = $1 AND "${column}" IS NOT NULL`,
  );
  const tables = new Set(columns.filter(({ has_id }) => has_id).map(({ table }) => table));
  const meetings = [...tables].map(
    (table) => `SELECT r.place, r.id FROM refs r JOIN public."${table}" t ON t.id = r.id WHERE t.workspace_id <> $1`,
  );
  const text = `WITH refs AS MATERIALIZED (${refs.join(" UNION ")}) ${meetings.join(" UNION ALL ")} LIMIT 100`;
  const rows = Meeting.array().parse((await on.query(text, [workspaceId])).rows);
  return rows.map(({ place, id }) => violation(14, `${place} names ${id}, which is another workspace's`));
}

/** Every uuid column of every table that carries a workspace; partitions are seen through their parent. */
const COLUMNS = `
  SELECT c.relname AS table, a.attname AS column,
         EXISTS (SELECT FROM pg_attribute i WHERE i.attrelid = c.oid AND i.attname = 'id' AND i.atttypid = 'uuid'::regtype) AS has_id
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.atttypid = 'uuid'::regtype
    AND EXISTS (SELECT FROM pg_attribute w WHERE w.attrelid = c.oid AND w.attname = 'workspace_id')
  ORDER BY 1, 2`;
