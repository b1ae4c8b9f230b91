import type { Metadata } from "next";

import { ProposeForm } from "@/components/manifests/propose-form";
import { TwoPeopleNotice } from "@/components/people/two-people-notice";
import { PageHeader } from "@/components/ui/page-header";
import { canWritePolicy } from "@/lib/core/agents/permission";
import { LineQuery, VersionQuery } from "@/lib/core/manifests/versions";
import { paths } from "@/lib/core/shared/paths";
import { showAgent } from "@/lib/services/agents/show-agent";
import { showManifest } from "@/lib/services/manifests/show-manifest";
import { listDuties } from "@/lib/services/people/show-people";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { checkManifestAction } from "../../../actions";
import { proposeManifestAction } from "../actions";

export const metadata: Metadata = { title: "Propose a manifest" };

export default async function ProposeManifestPage({
  params,
  searchParams,
}: PageProps<"/agents/[agentId]/manifest/propose">) {
  const [{ ctx, member }, { agentId }, query] = await Promise.all([pageMember(), params, searchParams]);
  const agent = await orNotFound(showAgent(ctx, decodeURIComponent(agentId)));
  const { from } = VersionQuery.parse(query);
  const { version, line } = LineQuery.parse(query);
  // A line of a version that is no longer in force is another line now.
  const isThere = version !== undefined && version === agent.manifest?.version;
  const base = from === undefined ? null : await orNotFound(showManifest(ctx, { agent: agent.id, version: from }));

  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Agents", href: paths.agents() },
          { label: agent.id, href: paths.agent(agent.id) },
          ...(agent.manifest ? [{ label: "Manifest", href: paths.manifest(agent.id) }] : []),
        ]}
        title="Propose a manifest"
        meta={
          base
            ? `Begun from version ${base.version}.`
            : agent.manifest
              ? `Begun from version ${agent.manifest.version}, which is in force.`
              : undefined
        }
      />
      {agent.manifest && <TwoPeopleNotice duties={await listDuties(ctx)} only="publish" />}
      <ProposeForm
        agent={agent.id}
        initial={base?.text ?? agent.manifest?.text ?? ""}
        {...(line !== undefined && isThere && { line })}
        check={checkManifestAction}
        propose={proposeManifestAction}
        {...(!canWritePolicy(member.roles) && { disabledReason: "This needs a policy administrator." })}
      />
    </>
  );
}
