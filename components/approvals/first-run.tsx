import { ButtonLink } from "@/components/ui/button-link";
import { CopyBlock } from "@/components/ui/copy-block";
import { Section } from "@/components/ui/section";
import { askSnippets } from "@/lib/core/approvals/snippets";
import { paths } from "@/lib/core/shared/paths";

const DEMO = "PORT=3001 INTERLOCK_DATA_DIR=.data/demo npm start";

/** A desk on which nothing has ever waited: what fills it, and how an agent asks. */
export function FirstRun({ origin, agents }: { origin: string; agents: boolean }) {
  return (
    <div className="grid max-w-4xl gap-6">
      <div className="grid gap-2">
        <h1 className="text-xl">Nothing has ever waited here</h1>
        <p className="max-w-[72ch] text-muted">
          An action appears here within a second when an agent proposes a call that its manifest lets people decide:
          anything irreversible, and whatever has <code>requires_approval: true</code>. This page shows it without being
          reloaded.
        </p>
        <div className="flex flex-wrap gap-2">
          {agents ? (
            <ButtonLink href={paths.agents()}>Agents and their keys</ButtonLink>
          ) : (
            <ButtonLink href={paths.newAgent()} variant="primary">
              Register an agent
            </ButtonLink>
          )}
        </div>
      </div>
      <Section title="How an agent asks" aside="with the key it got when it was registered">
        {askSnippets(origin).map(({ label, text }) => (
          <div key={label} className="grid gap-1">
            <h3 className="text-sm">{label}</h3>
            <CopyBlock label={`${label} example`} text={text} />
          </div>
        ))}
      </Section>
      <Section title="Look around first">
        <p className="max-w-[72ch] text-muted">
          A second installation beside this one, with a made-up workspace in which actions wait. Run it where this one
          was started; it is removed by removing its folder.
        </p>
        <CopyBlock label="command for demo data" text={DEMO} />
      </Section>
    </div>
  );
}
