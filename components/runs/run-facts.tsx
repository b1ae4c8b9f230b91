import Link from "next/link";

import { Alert } from "@/components/ui/alert";
import { CopyText } from "@/components/ui/copy-text";
import { KeyValue } from "@/components/ui/key-value";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { Level } from "@/lib/core/agents/schema";
import { LEVEL_NAMES } from "@/lib/core/agents/level-words";
import { paths } from "@/lib/core/shared/paths";
import type { RunDetail } from "@/lib/core/runs/schema";

import { MessageText } from "@/components/ui/message-text";

/** What a run is, and why it stopped if it did. */
export function RunFacts({ run }: { run: Omit<RunDetail, "decisions" | "next"> }) {
  const level = Level.safeParse(run.level);
  return (
    <>
      {run.state === "halted" && (
        <Alert tone="warn" title="This run is halted">
          <p>
            {run.halted_reason ? (
              <>
                Reason: <MessageText text={run.halted_reason} />.{" "}
              </>
            ) : null}
            Every later call in it is halted too, until two people resume it; the agent may begin a new run.
          </p>
        </Alert>
      )}
      <KeyValue
        items={[
          { label: "Agent’s task", value: <VisibleText text={run.task} /> },
          { label: "Level", value: level.success ? `${run.level} · ${LEVEL_NAMES[level.data]}` : run.level },
          {
            label: "Session",
            value: (
              <Link href={paths.runs({ agent: run.agent, session: run.session })} className="link font-mono">
                <VisibleText text={run.session} />
              </Link>
            ),
          },
          {
            label: "Steps",
            value: `${run.steps} in all: ${run.allowed} allowed, ${run.asked} asked, ${run.refused} refused`,
          },
          { label: "Cost", value: `${run.cost_usd} USD, settled and reserved` },
          { label: "Started", value: <Time at={run.started_at} /> },
          { label: "Last call", value: <Time at={run.last_at} /> },
          ...(run.ended_at === null
            ? []
            : [
                {
                  label: "Ended",
                  value: (
                    <>
                      <Time at={run.ended_at} />,{" "}
                      {run.ended_reason === "closed" ? "its root span ended" : "nothing new came"}
                    </>
                  ),
                },
              ]),
          { label: "Id", value: <CopyText value={run.id} label="run id" /> },
        ]}
      />
    </>
  );
}
