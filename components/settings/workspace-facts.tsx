import { KeyValue } from "@/components/ui/key-value";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import type { WorkspaceFacts as Facts } from "@/lib/core/workspaces/facts";

/** What this workspace is and what it runs on, for reports and for asking for help. */
export function WorkspaceFacts({ facts }: { facts: Facts }) {
  return (
    <Section title="Workspace" id="workspace">
      <KeyValue
        items={[
          { label: "Name", value: facts.demo ? `${facts.name} (demo)` : facts.name },
          { label: "Since", value: <Time at={facts.createdAt} mode="date" /> },
          { label: "Interlock", value: <Mono>{facts.version}</Mono> },
          {
            label: "Runs on",
            value: (
              <Mono>
                Node {facts.node} · PostgreSQL {facts.postgres}
              </Mono>
            ),
          },
          { label: "Tested with", value: <Mono>Node 20.20 · PostgreSQL 18.4 · Chromium</Mono> },
        ]}
      />
    </Section>
  );
}
