import type { Metadata } from "next";

import { TwoPeopleNotice } from "@/components/people/two-people-notice";
import { PendingVersion } from "@/components/manifests/pending-version";
import { VersionView } from "@/components/manifests/version-view";
import { ButtonLink } from "@/components/ui/button-link";
import { PageHeader } from "@/components/ui/page-header";
import { canWritePolicy } from "@/lib/core/agents/permission";
import { VersionQuery } from "@/lib/core/manifests/versions";
import { paths } from "@/lib/core/shared/paths";
import { explainVersion } from "@/lib/services/manifests/explain-version";
import { listVersions } from "@/lib/services/manifests/list-versions";
import { listDuties } from "@/lib/services/people/show-people";
import { whyNotPublish } from "@/lib/services/people/show-second";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { confirmManifestAction, rejectManifestAction } from "./actions";

export const metadata: Metadata = { title: "Manifest" };

export default async function ManifestPage({ params, searchParams }: PageProps<"/agents/[agentId]/manifest">) {
  const [{ ctx, member }, { agentId }, query] = await Promise.all([pageMember(), params, searchParams]);
  const agent = decodeURIComponent(agentId);
  const explained = await orNotFound(explainVersion(ctx, { agent, ...VersionQuery.parse(query) }));
  const versions = await listVersions(ctx, agent);
  const { version } = explained;
  const writer = canWritePolicy(member.roles);
  const widens = version.state === "pending" && version.change === "widening";
  const notSecond = widens ? await whyNotPublish(ctx, { author: version.created_by_id, agent }) : null;
  const duties = widens ? await listDuties(ctx) : [];
  const reason = writer ? undefined : "This needs a policy administrator.";
  const confirmReason = reason ?? notSecond;

  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Agents", href: paths.agents() },
          { label: agent, href: paths.agent(agent) },
        ]}
        title="Manifest"
        meta="What this agent may do. All else is denied."
        actions={
          <ButtonLink
            href={paths.proposeManifest(agent, version.state === "published" ? undefined : version.version)}
            variant="primary"
          >
            {version.state === "superseded" ? `Propose version ${version.version} again` : "Propose a change"}
          </ButtonLink>
        }
      />
      <TwoPeopleNotice duties={duties} only="publish" />
      {version.state === "pending" && (
        <PendingVersion
          agent={agent}
          version={{ version: version.version, change: version.change, created_by: version.created_by }}
          confirm={confirmManifestAction}
          reject={rejectManifestAction}
          {...(confirmReason && { confirmReason })}
          {...(reason && { rejectReason: reason })}
        />
      )}
      <VersionView
        noun="Manifest"
        links={{
          version: (number) => paths.manifest(agent, number),
          diff: (older, newer) => paths.manifestDiff(agent, older, newer),
        }}
        {...explained}
        versions={versions.items}
      />
    </>
  );
}
