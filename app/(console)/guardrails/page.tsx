import type { Metadata } from "next";

import { NoGuardrail } from "@/components/guardrails/no-guardrail";
import { WaitingVersion } from "@/components/guardrails/waiting-version";
import { TwoPeopleNotice } from "@/components/people/two-people-notice";
import { PendingVersion } from "@/components/manifests/pending-version";
import { VersionView } from "@/components/manifests/version-view";
import { ButtonLink } from "@/components/ui/button-link";
import { PageHeader } from "@/components/ui/page-header";
import { canWritePolicy } from "@/lib/core/agents/permission";
import { VersionQuery } from "@/lib/core/manifests/versions";
import { paths } from "@/lib/core/shared/paths";
import { listGuardrails } from "@/lib/services/guardrails/list-guardrails";
import { showGuardrail } from "@/lib/services/guardrails/show-guardrail";
import { listDuties } from "@/lib/services/people/show-people";
import { whyNotPublish } from "@/lib/services/people/show-second";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { confirmGuardrailAction, rejectGuardrailAction } from "./actions";

export const metadata: Metadata = { title: "Guardrails" };

export default async function GuardrailsPage({ searchParams }: PageProps<"/guardrails">) {
  const [{ ctx, member }, query] = await Promise.all([pageMember(), searchParams]);
  const wanted = VersionQuery.parse(query);
  const { items } = await listGuardrails(ctx);
  // Before the first is in force, the newest proposal is what there is to see.
  const shown = wanted.version ?? items.find(({ state }) => state === "published")?.version ?? items[0]?.version;
  const explained =
    shown === undefined ? null : await orNotFound(showGuardrail(ctx, { version: shown, compare: wanted.compare }));
  const reason = canWritePolicy(member.roles) ? undefined : "This needs a policy administrator.";
  const version = explained?.version;
  const widens = version?.state === "pending" && version.change === "widening";
  const notSecond = widens ? await whyNotPublish(ctx, { author: version.created_by_id, agent: null }) : null;
  const duties = widens ? await listDuties(ctx) : [];
  const confirmReason = reason ?? notSecond;
  const waiting = items.find(({ state, version: number }) => state === "pending" && number !== shown);

  return (
    <>
      <PageHeader
        title="Guardrails"
        meta="What no agent of this workspace may do, whatever its manifest says. They only take away."
        actions={
          <ButtonLink
            href={paths.proposeGuardrail(version?.state === "published" ? undefined : version?.version)}
            variant="primary"
          >
            {version?.state === "superseded" ? `Propose version ${version.version} again` : "Propose a change"}
          </ButtonLink>
        }
      />
      <TwoPeopleNotice duties={duties} only="publish" />
      {version?.state === "pending" && (
        <PendingVersion
          widening="takes away less than before"
          whose="of the workspace"
          version={{ version: version.version, change: version.change, created_by: version.created_by }}
          confirm={confirmGuardrailAction}
          reject={rejectGuardrailAction}
          {...(confirmReason && { confirmReason })}
          {...(reason && { rejectReason: reason })}
        />
      )}
      {waiting && <WaitingVersion version={waiting} />}
      {explained ? (
        <VersionView
          noun="Guardrail"
          links={{
            version: (number) => paths.guardrails({ version: number }),
            diff: (older, newer) => paths.guardrails({ version: newer, compare: older }),
          }}
          {...explained}
          versions={items}
        />
      ) : (
        <NoGuardrail />
      )}
    </>
  );
}
