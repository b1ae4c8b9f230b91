import "server-only";

import { v7 as uuidv7 } from "uuid";
import { z } from "zod";

import { Band } from "@/lib/core/decisions/schema";
import { DEFAULT_PREFERENCES, type Preferences, type Sent } from "@/lib/core/notifications/person";
import { Notice } from "@/lib/core/notifications/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

const Person = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  demo: z.boolean(),
  slack_user_id: z.string().nullable(),
  channel: z.enum(["email", "slack", "none"]).nullable(),
  zone: z.string().nullable(),
  quiet_from: z.int().nullable(),
  quiet_to: z.int().nullable(),
  critical_breaks: z.boolean().nullable(),
  hourly_cap: z.int().nullable(),
});

/** A member who may sign in, and how they want to be told. */
export type ToldPerson = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Made up for the demonstration: nobody reads this address. */
  readonly demo: boolean;
  readonly slackUserId: string | null;
  readonly wants: Preferences;
};

/** Every active member. */
export async function listPeople(on: Db, workspaceId: WorkspaceId): Promise<readonly ToldPerson[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT m.id, m.email, m.name, m.roles, m.demo, s.slack_user_id, p.channel, p.zone, p.quiet_from, p.quiet_to,
           p.critical_breaks, p.hourly_cap
    FROM members m LEFT JOIN notification_preferences p ON p.member_id = m.id LEFT JOIN slack_links s ON s.member_id = m.id
    WHERE m.workspace_id = ${workspaceId}::uuid AND m.disabled_at IS NULL AND m.joined_at IS NOT NULL ORDER BY m.id LIMIT 2000`;
  return Person.array()
    .parse(rows)
    .map(({ id, email, name, roles, demo, slack_user_id: slackUserId, ...stored }) => ({
      id,
      email,
      name,
      roles,
      demo,
      slackUserId,
      wants: wantsOf(stored),
    }));
}

function wantsOf(
  stored: Omit<z.infer<typeof Person>, "id" | "email" | "name" | "roles" | "demo" | "slack_user_id">,
): Preferences {
  const { channel, zone, quiet_from: from, quiet_to: to, critical_breaks, hourly_cap } = stored;
  return {
    channel: channel ?? DEFAULT_PREFERENCES.channel,
    zone: zone ?? DEFAULT_PREFERENCES.zone,
    quiet: from === null || to === null ? null : { from, to },
    critical_breaks: critical_breaks ?? DEFAULT_PREFERENCES.critical_breaks,
    hourly_cap: hourly_cap ?? DEFAULT_PREFERENCES.hourly_cap,
  };
}

export async function upsertPreferences(
  tx: Tx,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  wants: Preferences,
): Promise<void> {
  const { channel, zone, quiet, critical_breaks, hourly_cap } = wants;
  await tx.$executeRaw`
    INSERT INTO notification_preferences AS p
      (member_id, workspace_id, channel, zone, quiet_from, quiet_to, critical_breaks, hourly_cap)
    VALUES (${memberId}::uuid, ${workspaceId}::uuid, ${channel}, ${zone}, ${quiet?.from ?? null}::int, ${quiet?.to ?? null}::int,
            ${critical_breaks}, ${hourly_cap})
    ON CONFLICT (member_id) DO UPDATE SET channel = excluded.channel, zone = excluded.zone, quiet_from = excluded.quiet_from,
      quiet_to = excluded.quiet_to, critical_breaks = excluded.critical_breaks, hourly_cap = excluded.hourly_cap`;
}

/** What was sent to each person in the last two hours, by person. */
export async function listSends(tx: Tx, workspaceId: WorkspaceId, now: Date): Promise<ReadonlyMap<string, Sent[]>> {
  const rows = await tx.$queryRaw<{ member_id: string; digest: boolean; at: Date }[]>`
    SELECT member_id, digest, at FROM personal_sends
    WHERE workspace_id = ${workspaceId}::uuid AND at > ${now}::timestamptz - interval '2 hours' ORDER BY at LIMIT 20000`;
  const sends = new Map<string, Sent[]>();
  for (const { member_id, digest, at } of rows) {
    const known = sends.get(member_id) ?? [];
    known.push({ digest, at });
    sends.set(member_id, known);
  }
  return sends;
}

export async function insertSend(
  tx: Tx,
  workspaceId: WorkspaceId,
  memberId: string,
  { at, digest }: Sent,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO personal_sends (id, workspace_id, member_id, digest, at)
    VALUES (${uuidv7()}::uuid, ${workspaceId}::uuid, ${memberId}::uuid, ${digest}, ${at})`;
}

export function deleteOldSends(on: Db, workspaceId: WorkspaceId): Promise<number> {
  return on.$executeRaw`
    DELETE FROM personal_sends WHERE workspace_id = ${workspaceId}::uuid AND at < clock_timestamp() - interval '1 day'`;
}

const Planned = z.object({ id: z.uuid(), member_id: z.uuid(), band: Band.nullable() });
export type PlannedDelivery = z.infer<typeof Planned>;

/** Messages to people that nobody has decided about yet, the most dangerous first. */
export async function listPlanned(tx: Tx, workspaceId: WorkspaceId, now: Date): Promise<readonly PlannedDelivery[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT id, member_id, stages -> -1 ->> 'band' AS band FROM deliveries
    WHERE workspace_id = ${workspaceId}::uuid AND state = 'planned' AND due_at <= ${now}
    ORDER BY array_position(ARRAY['critical','high','elevated','low'], stages -> -1 ->> 'band') NULLS FIRST, id LIMIT 500`;
  return Planned.array().parse(rows);
}

export async function planDelivery(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
  { state, dueAt }: { readonly state: "pending" | "planned" | "digest"; readonly dueAt: Date },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE deliveries SET state = ${state}, due_at = ${dueAt}
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND state = 'planned'`;
}

const Kept = z.object({
  id: z.uuid(),
  destination_id: z.uuid().nullable(),
  member_id: z.uuid().nullable(),
  notice: Notice,
  created_at: z.date(),
});
/** A message that waits for its recipient's digest. */
export type KeptDelivery = z.infer<typeof Kept>;

export async function listKept(tx: Tx, workspaceId: WorkspaceId): Promise<readonly KeptDelivery[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT id, destination_id, member_id, stages -> -1 AS notice, created_at FROM deliveries
    WHERE workspace_id = ${workspaceId}::uuid AND state = 'digest' ORDER BY id LIMIT 2000`;
  return Kept.array().parse(rows);
}

/** Puts messages into a digest, which tells them from now on. */
export async function markDigested(
  tx: Tx,
  workspaceId: WorkspaceId,
  ids: readonly string[],
  digestId: string,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE deliveries SET state = 'digested', digest_id = ${digestId}::uuid, told = jsonb_array_length(stages)
    WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (${ids}::uuid[]) AND state = 'digest'`;
}
