import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { whyNotSecond } from "@/lib/core/workspaces/consent";
import type { Consent } from "@/lib/core/workspaces/stop";
import type { Db } from "@/lib/data/db";
import { findPeopleFacts } from "@/lib/data/people";
import { listOperators } from "@/lib/data/stop-consents";

type Consented = {
  readonly agent_id: string | null;
  readonly consents: readonly Consent[];
  readonly not_second: string | null;
};

/** Adds to stops why the person who looks cannot be the second beside those who consented. */
export async function withSecond<T extends Consented>(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: string,
  stops: readonly T[],
): Promise<readonly T[]> {
  const open = stops.filter(({ consents }) => consents.some(({ counts }) => counts));
  if (open.length === 0) return stops;
  const operators = await listOperators(on, workspaceId);
  const sideOf = (id: string) => ({
    memberId: id,
    answersFor: operators.find((operator) => operator.id === id)?.answersFor ?? [id],
  });
  const answers = new Map<T, string | null>();
  for (const stop of open) {
    const people = await findPeopleFacts(on, workspaceId, stop.agent_id);
    const consented = stop.consents.filter(({ counts }) => counts).map(({ member_id }) => sideOf(member_id));
    answers.set(stop, whyNotSecond(sideOf(memberId), consented, people));
  }
  return stops.map((stop) => ({ ...stop, not_second: answers.get(stop) ?? null }));
}
