import type { Metadata } from "next";

import { ProposeForm } from "@/components/manifests/propose-form";
import { TwoPeopleNotice } from "@/components/people/two-people-notice";
import { PageHeader } from "@/components/ui/page-header";
import { canWritePolicy } from "@/lib/core/agents/permission";
import { EXAMPLE_GUARDRAIL } from "@/lib/core/guardrails/example";
import { VersionQuery } from "@/lib/core/manifests/versions";
import { paths } from "@/lib/core/shared/paths";
import { listGuardrails } from "@/lib/services/guardrails/list-guardrails";
import { showGuardrail } from "@/lib/services/guardrails/show-guardrail";
import { listDuties } from "@/lib/services/people/show-people";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { checkGuardrailAction, proposeGuardrailAction } from "../actions";

export const metadata: Metadata = { title: "Propose a guardrail" };

export default async function ProposeGuardrailPage({ searchParams }: PageProps<"/guardrails/propose">) {
  const [{ ctx, member }, query] = await Promise.all([pageMember(), searchParams]);
  const { items } = await listGuardrails(ctx);
  const from = VersionQuery.parse(query).from ?? items.find(({ state }) => state === "published")?.version;
  const base = from === undefined ? null : (await orNotFound(showGuardrail(ctx, { version: from }))).version;

  return (
    <>
      <PageHeader
        crumbs={[{ label: "Guardrails", href: paths.guardrails() }]}
        title="Propose a guardrail"
        meta={
          base
            ? `Begun from version ${base.version}${base.state === "published" ? ", which is in force" : ""}.`
            : "The first one. It can only take away, so it takes effect at once."
        }
      />
      {base !== null && <TwoPeopleNotice duties={await listDuties(ctx)} only="publish" />}
      <ProposeForm
        agent=""
        initial={base?.text ?? ""}
        example={EXAMPLE_GUARDRAIL}
        label="Guardrail, YAML"
        effects={{
          first: "This is the first version. It only takes away and takes effect at once.",
          widening: "It takes away less than before. It is stored and waits for a second policy administrator.",
        }}
        cancelHref={paths.guardrails()}
        check={checkGuardrailAction}
        propose={proposeGuardrailAction}
        {...(!canWritePolicy(member.roles) && { disabledReason: "This needs a policy administrator." })}
      />
    </>
  );
}
