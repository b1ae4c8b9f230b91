import { SavedViews } from "@/components/spend/saved-views";
import { spendAddress } from "@/components/spend/spend-address";
import type { SpendQuery } from "@/lib/core/figures/spend";
import { ViewQuery } from "@/lib/core/figures/views";
import { canManageMembers } from "@/lib/core/workspaces/permission";
import { listViews } from "@/lib/services/figures/list-views";
import { requireMember, type ServiceContext } from "@/lib/services/context";

import { changeViewAction, removeViewAction, saveViewAction } from "./actions";

/** The saved views, read beside the figures. An address that no view can keep offers none to be saved. */
export async function ViewsPanel({ ctx, query }: { ctx: ServiceContext; query: SpendQuery }) {
  const views = await listViews(ctx);
  const given = Object.entries(spendAddress(query, {})).filter(([, value]) => value !== undefined && value !== "");
  const present = ViewQuery.safeParse(Object.fromEntries(given));
  return (
    <SavedViews
      views={views}
      query={present.success ? present.data : {}}
      mayRemoveShared={canManageMembers(requireMember(ctx).roles)}
      save={saveViewAction}
      change={changeViewAction}
      remove={removeViewAction}
    />
  );
}
