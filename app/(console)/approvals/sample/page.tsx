import type { Metadata } from "next";
import { redirect } from "next/navigation";

import { AuditSample } from "@/components/approvals/audit-sample";
import { PageHeader } from "@/components/ui/page-header";
import { SAMPLE_SIZE, SampleQuery } from "@/lib/core/approvals/audit";
import { paths } from "@/lib/core/shared/paths";
import { sampleAudit } from "@/lib/services/approvals/sample-audit";
import { pageContext } from "@/lib/web/session";

import { answerAuditAction } from "../actions";

export const metadata: Metadata = { title: "Calls that ran unasked" };

export default async function SamplePage({ searchParams }: PageProps<"/approvals/sample">) {
  const [ctx, search] = await Promise.all([pageContext(), searchParams]);
  const { seed } = SampleQuery.parse(search);
  // The request's own id will do as a seed: nobody chooses it.
  if (seed === undefined) redirect(paths.auditSample(ctx.requestId));
  const calls = await sampleAudit(ctx, seed);
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Desk", href: paths.desk() }]}
        title={`${SAMPLE_SIZE} calls that ran unasked`}
        meta="Drawn at random from the last 24 hours, of the latest 5,000 at most. What you say is recorded as evidence and changes no rule by itself."
      />
      <AuditSample calls={calls} again={paths.auditSample()} answer={answerAuditAction} />
    </>
  );
}
