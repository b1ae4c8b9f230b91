import { ButtonLink } from "@/components/ui/button-link";
import { CopyBlock } from "@/components/ui/copy-block";
import { EmptyState } from "@/components/ui/empty-state";
import { EXAMPLE_GUARDRAIL } from "@/lib/core/guardrails/example";
import { paths } from "@/lib/core/shared/paths";

/** What a guardrail is for, shown while there is none. */
export function NoGuardrail() {
  return (
    <EmptyState
      title="No guardrail is in force"
      actions={
        <ButtonLink href={paths.proposeGuardrail()} variant="primary">
          Write the first one
        </ButtonLink>
      }
    >
      <p>
        Each agent is held by its own manifest only. A guardrail holds all of them at once: tools nobody may use, limits
        on tools whoever uses them, hosts, bounds of a run, and times in which nothing may change. It never allows
        anything.
      </p>
      <p>It takes effect on the next call of every agent. Taking something out of it again needs a second person.</p>
      <div className="text-text">
        <CopyBlock text={EXAMPLE_GUARDRAIL} label="an example of a guardrail" />
      </div>
    </EmptyState>
  );
}
