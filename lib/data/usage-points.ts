import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import type { Sender } from "@/lib/core/traces/stored-event";
import type { UsagePoint } from "@/lib/core/traces/usage-point";

import { ingestTransaction } from "./ingest-pool";
import { arrayOf } from "./wire";

/** Adds points that are not there yet. They are few, so they wait in no queue. */
export async function insertUsagePoints(
  workspaceId: WorkspaceId,
  { agentId, credentialId }: Sender,
  points: readonly UsagePoint[],
  receivedAt: Date,
): Promise<void> {
  const bytes = (of: (point: UsagePoint) => string) =>
    arrayOf(
      "bytea",
      points.map((point) => Buffer.from(of(point), "hex")),
    );
  await ingestTransaction(workspaceId, (client) =>
    client.query(
      `INSERT INTO usage_points
         (workspace_id, point_id, series_id, agent_id, credential_id, metric, measured_at, received_at, point)
       SELECT $1, u.id, u.series, $2, $3, u.metric, moment_of(u.measured), $4, u.point
       FROM unnest($5::bytea[], $6::bytea[], $7::text[], $8::bigint[], $9::jsonb[]) AS u (id, series, metric, measured, point)
       ON CONFLICT DO NOTHING`,
      [
        workspaceId,
        agentId,
        credentialId,
        receivedAt,
        bytes(({ pointId }) => pointId),
        bytes(({ seriesId }) => seriesId),
        arrayOf(
          "text",
          points.map(({ metric }) => metric),
        ),
        arrayOf(
          "int8",
          points.map(({ timeNs }) => BigInt(timeNs) / 1_000n),
        ),
        arrayOf(
          "jsonb",
          points.map((point) => JSON.stringify(point)),
        ),
      ],
    ),
  );
}
