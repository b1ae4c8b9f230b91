import "server-only";

import { DEFAULT_PREFERENCES, type Preferences } from "@/lib/core/notifications/person";
import { listPeople } from "@/lib/data/notification-people";

import { requireMember, type ServiceContext } from "../context";
import { type Outside, outside } from "./outside";

/** How the person who asks wants to be told, and what there is to be told by. */
export type MyNotifications = {
  readonly wants: Preferences;
  readonly slackUserId: string | null;
  /** Whether this server can send e-mail at all. */
  readonly mail: boolean;
};

export async function showPreferences(ctx: ServiceContext, world: Outside = outside()): Promise<MyNotifications> {
  const { memberId } = requireMember(ctx);
  const me = (await listPeople(ctx.db, ctx.workspaceId)).find(({ id }) => id === memberId);
  return { wants: me?.wants ?? DEFAULT_PREFERENCES, slackUserId: me?.slackUserId ?? null, mail: world.mail !== null };
}
