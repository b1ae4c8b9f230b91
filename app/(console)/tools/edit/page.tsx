import type { Metadata } from "next";

import { ProposalNotice } from "@/components/people/proposal-notice";
import { AcceptTool } from "@/components/tools/accept-tool";
import { ToolForm } from "@/components/tools/tool-form";
import { CopyText } from "@/components/ui/copy-text";
import { PageHeader } from "@/components/ui/page-header";
import { VisibleText } from "@/components/ui/visible-text";
import { canWritePolicy } from "@/lib/core/agents/permission";
import { shortDigest } from "@/lib/core/shared/digest";
import { paths } from "@/lib/core/shared/paths";
import { ToolFilter } from "@/lib/core/tools/item";
import { findTool } from "@/lib/services/tools/find-tool";
import { pageMember } from "@/lib/web/page-member";

import { rejectProposalAction, withdrawProposalAction } from "../../proposals-actions";
import { acceptToolAction, registerToolAction } from "../actions";

export const metadata: Metadata = { title: "Tool" };

export default async function EditToolPage({ searchParams }: PageProps<"/tools/edit">) {
  const [{ ctx, member }, query] = await Promise.all([pageMember(), searchParams]);
  const { name } = ToolFilter.parse(query);
  const found = name === undefined ? null : await findTool(ctx, name);
  const tool = found?.tool ?? null;
  const permission = canWritePolicy(member.roles) ? {} : { disabledReason: "This needs a policy administrator." };

  return (
    <>
      <PageHeader
        crumbs={[{ label: "Tools", href: paths.tools() }]}
        title={
          tool ? (
            <span className="font-mono">
              <VisibleText text={tool.name} />
            </span>
          ) : (
            "Add a tool"
          )
        }
        meta={
          tool && (
            <>
              <span>definition</span>
              <CopyText value={tool.hash} short={shortDigest(tool.hash)} label="definition hash" />
            </>
          )
        }
      />
      {tool?.status === "quarantined" && (
        <AcceptTool
          tool={{ name: tool.name, hash: tool.hash }}
          twin={found?.twin ?? null}
          accept={acceptToolAction}
          {...permission}
        />
      )}
      {found?.proposal && (
        <ProposalNotice
          proposal={found.proposal}
          what={`the class ${String(found.proposal.content["reversibility"])} with blast radius ${String(found.proposal.content["blast_radius"])}`}
          how="You can be the second: the form holds the proposed definition. Send it as it is."
          actions={{
            me: member.memberId,
            mayReject: canWritePolicy(member.roles),
            withdraw: withdrawProposalAction,
            reject: rejectProposalAction,
          }}
        />
      )}
      <ToolForm
        key={tool?.name ?? "new"}
        tool={found?.proposed ?? tool}
        name={name ?? ""}
        register={registerToolAction}
        {...permission}
      />
    </>
  );
}
