import "server-only";

import { z } from "zod";

import type { SourceReading } from "@/lib/core/decisions/schema";
import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db } from "./db";

/** A source and a subject, by the digest of whom it is. */
export type ReadingKey = { readonly source: string; readonly subjectDigest: string };

/** A reading to be kept. */
export type NewReading = SourceReading & ReadingKey & { readonly asOf: Date };

const ReadingRow = z.object({
  source: z.string(),
  subject: z.record(z.string(), z.string()),
  values: z.record(z.string(), z.number()),
});

/** What these sources said last about these subjects; those that have said nothing are not in the answer. */
export async function findReadings(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  keys: readonly ReadingKey[],
): Promise<readonly SourceReading[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT r.source, r.subject, r.numbers AS values
    FROM unnest(${keys.map(({ source }) => source)}::text[], ${keys.map((key) => key.subjectDigest)}::text[]) AS k (source, digest)
    JOIN source_readings r ON r.agent_id = ${agentId}::uuid AND r.source = k.source AND r.subject_digest = k.digest
    WHERE r.workspace_id = ${workspaceId}::uuid`;
  return rows.map((row) => ReadingRow.parse(row));
}

/** Keeps each reading unless one as new is known already: an older one that arrives late changes nothing. */
export async function upsertReadings(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  readings: readonly NewReading[],
): Promise<void> {
  const items = readings.map(({ source, subjectDigest, subject, values, asOf }) => ({
    source,
    digest: subjectDigest,
    subject,
    numbers: values,
    as_of: asOf.toISOString(),
  }));
  await on.$executeRaw`
    INSERT INTO source_readings AS r (workspace_id, agent_id, source, subject_digest, subject, numbers, as_of, read_at)
    SELECT DISTINCT ON (i.source, i.digest) ${workspaceId}::uuid, ${agentId}::uuid, i.source, i.digest, i.subject, i.numbers, i.as_of, clock_timestamp()
    FROM jsonb_to_recordset(${JSON.stringify(items)}::jsonb) AS i (source text, digest text, subject jsonb, numbers jsonb, as_of timestamptz)
    ORDER BY i.source, i.digest, i.as_of DESC
    ON CONFLICT (agent_id, source, subject_digest) DO UPDATE
      SET numbers = excluded.numbers, as_of = excluded.as_of, read_at = excluded.read_at
      WHERE r.as_of < excluded.as_of`;
}
