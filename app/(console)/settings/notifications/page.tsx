import type { Metadata } from "next";

import { RefreshOn } from "@/components/layout/refresh-on";
import { Deliveries } from "@/components/notifications/deliveries";
import { Destinations } from "@/components/notifications/destinations";
import { MyNotifications } from "@/components/notifications/my-notifications";
import { OnCall } from "@/components/notifications/on-call";
import { SlackAccounts } from "@/components/notifications/slack-accounts";
import { PageHeader } from "@/components/ui/page-header";
import { canManageMembers, canResume } from "@/lib/core/workspaces/permission";
import { listAgents } from "@/lib/services/agents/list-agents";
import type { ServiceContext } from "@/lib/services/context";
import { listDestinations } from "@/lib/services/notifications/list-destinations";
import { showPreferences } from "@/lib/services/notifications/show-preferences";
import { type ShownRota, showRota } from "@/lib/services/notifications/show-rota";
import { pageMember } from "@/lib/web/page-member";

import {
  addDestinationAction,
  linkSlackAction,
  makeSlackCodeAction,
  releaseDeliveriesAction,
  removeDestinationAction,
  retryDeliveryAction,
  rotateSecretAction,
  sendTestAction,
  setPreferencesAction,
  setRotaAction,
  switchDestinationAction,
} from "./actions";

export const metadata: Metadata = { title: "Notifications" };

const TOPICS = ["approval.waiting", "approval.settled", "approval.unseen", "destination.give_up"];
const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

export default async function NotificationsPage() {
  const { ctx, member } = await pageMember();
  const [mine, rota] = await Promise.all([showPreferences(ctx), showRota(ctx)]);
  return (
    <>
      <RefreshOn topics={TOPICS} />
      <PageHeader title="Notifications" meta={<span>Who is told that an action waits, and where</span>} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-2">
        <MyNotifications {...mine} zones={ZONES} save={setPreferencesAction} makeCode={makeSlackCodeAction} />
        <OnCall
          {...rota}
          save={setRotaAction}
          {...(!canResume(member.roles) && { disabledReason: "This needs an operator." })}
        />
      </div>
      {canManageMembers(member.roles) ? (
        <Outside ctx={ctx} mail={mine.mail} people={rota.people} />
      ) : (
        <p className="text-muted">Destinations outside and their messages are for administrators.</p>
      )}
    </>
  );
}

type OutsideProps = { ctx: ServiceContext; mail: boolean; people: ShownRota["people"] };

async function Outside({ ctx, mail, people }: OutsideProps) {
  const [{ items, deliveries, heldSince }, agents] = await Promise.all([
    listDestinations(ctx),
    listAgents(ctx, { limit: 200 }),
  ]);
  return (
    <>
      <Destinations
        items={items}
        heldSince={heldSince}
        agents={agents.items.map(({ id }) => id)}
        mail={mail}
        add={addDestinationAction}
        test={sendTestAction}
        rotate={rotateSecretAction}
        change={switchDestinationAction}
        remove={removeDestinationAction}
        release={releaseDeliveriesAction}
      />
      <Deliveries items={deliveries} retry={retryDeliveryAction} />
      <SlackAccounts people={people} link={linkSlackAction} />
    </>
  );
}
