import { FloodNotice } from "@/components/approvals/flood-notice";
import { canLetAsk, canStop } from "@/lib/core/workspaces/permission";
import { listFloods } from "@/lib/services/approvals/list-floods";
import type { MemberActor, ServiceContext } from "@/lib/services/context";

import { requestStopAction } from "../stops-actions";
import { denyWaitingAction, letAgentAskAction } from "./actions";

/** Agents that asked for more than people can answer, above everything else on the desk; nothing while there are none. */
export async function FloodNotices({ ctx, member }: { ctx: ServiceContext; member: MemberActor }) {
  const { items } = await listFloods(ctx);
  if (items.length === 0) return null;
  return (
    <section aria-label="Flooding" className="mb-6 grid gap-2">
      {items.map((flood) => (
        <FloodNotice
          key={flood.agent}
          flood={flood}
          actions={{ letAsk: letAgentAskAction, denyWaiting: denyWaitingAction, stop: requestStopAction }}
          may={{
            stop: canStop(member.roles),
            letAsk: canLetAsk(member.roles),
            deny: member.roles.includes("reviewer") || member.memberId === flood.driId,
          }}
        />
      ))}
    </section>
  );
}
