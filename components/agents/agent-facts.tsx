import Link from "next/link";

import { CopyText } from "@/components/ui/copy-text";
import { KeyValue } from "@/components/ui/key-value";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { AgentDetail } from "@/lib/core/agents/item";
import { paths } from "@/lib/core/shared/paths";

/** What an agent is and who answers for it. */
export function AgentFacts({ agent }: { agent: AgentDetail }) {
  const owners = Object.entries(agent.owners).filter(([, name]) => name);
  return (
    <KeyValue
      items={[
        { label: "Task", value: <VisibleText text={agent.task} /> },
        { label: "DRI", value: `${agent.dri.name} (${agent.dri.email})` },
        ...(owners.length > 0
          ? [{ label: "Owners", value: owners.map(([kind, name]) => `${kind}: ${name}`).join(" · ") }]
          : []),
        { label: "Environment", value: agent.environment },
        {
          label: "Manifest",
          value: agent.manifest ? (
            <span>
              <Link href={paths.manifest(agent.id)} className="link">
                version {agent.manifest.version}
              </Link>
              {agent.manifest.published_at && (
                <span className="text-muted">
                  {" "}
                  in force since <Time at={agent.manifest.published_at} mode="date" />
                </span>
              )}
            </span>
          ) : (
            "none: every call is denied"
          ),
        },
        { label: "Registered", value: <Time at={agent.created_at} mode="date" /> },
        { label: "Id", value: <CopyText value={agent.uid} label="agent id" /> },
      ]}
    />
  );
}
