import { ButtonLink } from "@/components/ui/button-link";
import { CopyBlock } from "@/components/ui/copy-block";
import { EmptyState } from "@/components/ui/empty-state";
import { Tabs } from "@/components/ui/tabs";
import { paths } from "@/lib/core/shared/paths";

import { snippetsFor } from "./snippets";

/** What a workspace shows before its first call: how to put an agent behind Interlock. */
export function GetStarted({ agents, origin }: { agents: number; origin: string }) {
  const title = agents === 0 ? "No agent is behind Interlock yet" : "Your agents have not asked yet";
  return (
    <EmptyState
      title={title}
      actions={
        <>
          <ButtonLink href={paths.newAgent()} variant={agents === 0 ? "primary" : "plain"}>
            Register an agent
          </ButtonLink>
          {agents > 0 && <ButtonLink href={paths.agents()}>Agents</ButtonLink>}
          <ButtonLink href={paths.tools()}>Tools</ButtonLink>
        </>
      }
    >
      <p>
        An agent asks before each tool call and acts only on <strong className="text-text">allow</strong>. Register it
        to get a key, put the key in <code>INTERLOCK_KEY</code>, and send the first call; this page then fills by
        itself.
      </p>
      <Tabs
        label="Ways to begin"
        items={snippetsFor(origin).map(({ id, label, text }) => ({
          id,
          label,
          panel: <CopyBlock text={text} label={`${label} example`} />,
        }))}
      />
    </EmptyState>
  );
}
