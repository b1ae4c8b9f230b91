"use client";

import { useSyncExternalStore } from "react";

import { CopyBlock } from "@/components/ui/copy-block";
import { Tabs } from "@/components/ui/tabs";
import { telemetrySnippets } from "@/lib/core/traces/snippets";

const never = () => () => undefined;

/** How to send an agent's telemetry, with this installation's address and, where there is one, the new key. */
export function TelemetrySnippets({ agentKey }: { agentKey?: string | undefined }) {
  const origin = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );
  return (
    <Tabs
      label="Ways to send telemetry"
      items={telemetrySnippets(origin, agentKey ?? "$INTERLOCK_KEY").map(({ id, label, text }) => ({
        id,
        label,
        panel: <CopyBlock text={text} label={`${label} snippet`} />,
      }))}
    />
  );
}
