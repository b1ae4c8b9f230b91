import "server-only";

import { leaseView } from "@/lib/core/approvals/batch";
import type { Place } from "@/lib/core/approvals/desk";
import { effectView } from "@/lib/core/approvals/effect";
import { Display } from "@/lib/core/approvals/display";
import { combineArgs, GROUP_FAULTS, groupKey, type GroupMember, type GroupView } from "@/lib/core/approvals/group";
import { MOST_APPROVED_TOGETHER, MOST_DENIED_TOGETHER } from "@/lib/core/approvals/grouped";
import { actText } from "@/lib/core/approvals/headline-text";
import { quorumOf, stateAt } from "@/lib/core/approvals/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { findApproval, listVotes } from "@/lib/data/approvals";
import type { Tx } from "@/lib/data/db";
import { type AlikeRow, findAlike, listAlike, listDisplays } from "@/lib/data/groups";
import { listLiveLeases } from "@/lib/data/leases";

/** The open action's place on the desk: who looks at it now, and what is like it. Null when it does not wait. */
export async function findPlace(
  tx: Tx,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  id: string,
): Promise<Place | null> {
  const stored = await findApproval(tx, workspaceId, id);
  if (!stored || stateAt(stored.approval, stored.now) !== "waiting") return null;
  const live = await listLiveLeases(tx, workspaceId, [id]);
  const votes = (await listVotes(tx, workspaceId, id)).length;
  const lease = leaseView(live, memberId, { quorum: quorumOf(stored.approval), votes });
  return { lease, group: await groupOf(tx, workspaceId, id) };
}

async function groupOf(tx: Tx, workspaceId: WorkspaceId, id: string): Promise<GroupView | null> {
  const one = await findAlike(tx, workspaceId, id);
  if (!one || one.args === null) return null;
  const key = groupKey(one);
  const all = (await listAlike(tx, workspaceId, one)).filter((other) => groupKey(other) === key);
  if (all.length < 2) return null;
  // The open one is always among those listed, whatever its age.
  const shown = [...all.filter((row) => row.id === id), ...all.filter((row) => row.id !== id)].slice(
    0,
    MOST_DENIED_TOGETHER,
  );
  const displays = await listDisplays(
    tx,
    workspaceId,
    shown.map((row) => row.id),
  );
  return {
    members: shown.map((row) => memberOf(row, displays.get(row.id))),
    more: all.length > shown.length,
    combined: combineArgs(shown.map((row) => row.args ?? {})),
    approve: approveFault(all),
  };
}

function memberOf(row: AlikeRow, stored: unknown): GroupMember {
  const display = Display.safeParse(stored);
  const parts = display.success ? effectView(display.data).parts.filter((part) => part.body.kind !== "arguments") : [];
  const { id, displayDigest, actionDigest, expiresAt, headline, band } = row;
  const act = actText(headline, { hideCount: band === "critical" });
  // The count of a critical action is typed by its reviewer; it is printed in its own effect only.
  const effect = band === "critical" ? [] : parts.map((part) => part.summary);
  return { id, displayDigest, actionDigest, act, expiresAt, effect };
}

function approveFault(all: readonly AlikeRow[]): string | null {
  if (all.some((row) => row.band !== "low")) return GROUP_FAULTS.band_too_high;
  return all.length > MOST_APPROVED_TOGETHER ? GROUP_FAULTS.group_too_large : null;
}
