import { sqlReader } from "@/lib/core/commands/read-sql";

import { openSqlGrammar } from "./sql-grammar";

/** Reads SQL with PostgreSQL's own grammar; loaded once for this process. */
export const readSql = sqlReader(await openSqlGrammar());
