import { RegisterForm } from "@/components/agents/register-form";
import { PageHeader } from "@/components/ui/page-header";
import { canWritePolicy } from "@/lib/core/agents/permission";
import { paths } from "@/lib/core/shared/paths";
import { listMembers } from "@/lib/services/workspaces/list-members";
import { pageMember } from "@/lib/web/page-member";

import { checkManifestAction, registerAgentAction } from "../actions";

export const metadata = { title: "Register an agent" };

export default async function NewAgentPage() {
  const { ctx, member } = await pageMember();
  const { items } = await listMembers(ctx);
  const members = items
    .filter((other) => !other.disabled)
    .map(({ id, name, email }) => ({ id, label: `${name} · ${email}` }));

  return (
    <>
      <PageHeader crumbs={[{ label: "Agents", href: paths.agents() }]} title="Register an agent" />
      <RegisterForm
        members={members}
        self={member.memberId}
        check={checkManifestAction}
        register={registerAgentAction}
        {...(!canWritePolicy(member.roles) && { disabledReason: "This needs a policy administrator." })}
      />
    </>
  );
}
