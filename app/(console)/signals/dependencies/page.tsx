import type { Metadata } from "next";

import { RefreshOn } from "@/components/layout/refresh-on";
import { DependencyCsv } from "@/components/signals/dependency-csv";
import { DependencyTable } from "@/components/signals/dependency-table";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { paths } from "@/lib/core/shared/paths";
import { canResetDependencies } from "@/lib/core/workspaces/permission";
import { listDependencies } from "@/lib/services/tools/list-dependencies";
import { pageMember } from "@/lib/web/page-member";

import { resetDependencyAction } from "../actions";

export const metadata: Metadata = { title: "Dependencies" };

const TOPICS = ["decision.made", "outcome.reported", "dependency.reset", "tool.register", "workspace.settings"];

export default async function DependenciesPage() {
  const { ctx, member } = await pageMember();
  const { limits, refused_since: since, items } = await listDependencies(ctx);
  const disabledReason = canResetDependencies(member.roles) ? undefined : "This needs an operator.";
  return (
    <>
      <RefreshOn topics={TOPICS} everyMs={3_000} />
      <PageHeader
        title="Dependencies"
        meta="The systems your tools share. When one is down, calls to it are refused for every agent until it answers again."
        actions={items.length > 0 && <DependencyCsv dependencies={items} limits={limits} />}
      />
      {items.length === 0 ? (
        <NoDependencies failures={limits.failures} />
      ) : (
        <>
          <p className="text-muted">
            After {limits.failures} failed calls in a row, of two agents or more, calls are refused for{" "}
            {limits.cool_down_seconds} s. Then one call tries; if it succeeds, all go through again.{" "}
            <Link href={`${paths.settings()}#rule-dependency_failures`} className="link">
              Change these limits
            </Link>
          </p>
          <DependencyTable
            dependencies={items}
            limits={limits}
            since={since}
            reset={resetDependencyAction}
            disabledReason={disabledReason}
          />
        </>
      )}
    </>
  );
}

function NoDependencies({ failures }: { failures: number }) {
  return (
    <EmptyState
      title="No tool names a system it depends on"
      actions={
        <ButtonLink href={paths.tools()} variant="primary">
          Choose a tool
        </ButtonLink>
      }
    >
      <p>
        Open a tool and fill in “Depends on” with the system behind it, such as <code>stripe.com</code> or{" "}
        <code>warehouse</code>. Give every tool of that system the same name: {failures} failed calls in a row, of two
        agents or more, then hold back all of them.
      </p>
      <p>
        By program: the field <code>dependency</code> of <code>POST /api/v1/tools</code> and of the file for{" "}
        <code>npx interlock tool import</code>.
      </p>
    </EmptyState>
  );
}
