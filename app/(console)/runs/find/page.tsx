import { DeadLetters } from "@/components/runs/dead-letters";
import { FoundTelemetryView } from "@/components/runs/found-telemetry";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { TextInput } from "@/components/ui/text-input";
import { paths } from "@/lib/core/shared/paths";
import { FindQuery } from "@/lib/core/traces/sought";
import { canReplay } from "@/lib/core/workspaces/permission";
import { findTelemetry } from "@/lib/services/traces/find-telemetry";
import { listDeadLetters } from "@/lib/services/traces/list-dead-letters";
import { pageMember } from "@/lib/web/page-member";

import { replayAction } from "./actions";

export const metadata = { title: "Find telemetry" };

export default async function FindTelemetryPage({ searchParams }: PageProps<"/runs/find">) {
  const [{ ctx, member }, query] = await Promise.all([pageMember(), searchParams]);
  const { id } = FindQuery.parse(query);
  const [found, letters] = await Promise.all([id === "" ? null : findTelemetry(ctx, id), listDeadLetters(ctx)]);
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Runs", href: paths.runs() }]}
        title="Find telemetry"
        meta="See what became of a trace, a span, a run or the telemetry of a decision."
      />
      <form method="get" action={paths.findTelemetry()} role="search" className="flex flex-wrap items-end gap-3">
        <div className="w-full max-w-xl">
          <Field label="Id" hint="Trace id, traceparent, span id, decision id, or the run’s name">
            <TextInput
              name="id"
              defaultValue={id}
              maxLength={300}
              required
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
            />
          </Field>
        </div>
        <Button type="submit">Find</Button>
      </form>
      {found !== null && <FoundTelemetryView found={found} />}
      <Section
        title="Could not be written"
        aside={
          letters.length === 0 ? "nothing" : `${letters.length === 100 ? "the latest 100" : letters.length} waiting`
        }
      >
        {letters.length === 0 ? (
          <p className="border-y border-hair bg-surface px-3 py-4 text-muted">
            Everything that was received has been written or is about to be.
          </p>
        ) : (
          <DeadLetters
            letters={letters}
            replay={replayAction}
            {...(!canReplay(member.roles) && { disabledReason: "This needs an administrator." })}
          />
        )}
      </Section>
    </>
  );
}
