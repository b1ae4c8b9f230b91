import type { Metadata } from "next";

import { RedactionForm } from "@/components/redaction/redaction-form";
import { PageHeader } from "@/components/ui/page-header";
import { canManageMembers } from "@/lib/core/workspaces/permission";
import { showRedaction } from "@/lib/services/redaction/show-redaction";
import { pageMember } from "@/lib/web/page-member";

import { setRedactionAction, tryRedactionAction } from "./actions";

export const metadata: Metadata = { title: "Redaction" };

export default async function RedactionPage() {
  const { ctx, member } = await pageMember();
  const redaction = await showRedaction(ctx);
  return (
    <>
      <PageHeader title="Redaction" meta={<span>What is kept of what agents send</span>} />
      <RedactionForm
        redaction={redaction}
        save={setRedactionAction}
        trial={tryRedactionAction}
        {...(!canManageMembers(member.roles) && { disabledReason: "This needs an administrator." })}
      />
    </>
  );
}
