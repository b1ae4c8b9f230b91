"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";

import { Alert } from "@/components/ui/alert";
import { CopyBlock } from "@/components/ui/copy-block";
import { Time } from "@/components/ui/time";

import { TelemetrySnippets } from "./telemetry-snippets";

const never = () => () => undefined;

/** A new key, the only time it is on any screen, with the five lines that use it. */
export function KeyOnce({ agentKey, expiresAt }: { agentKey: string; expiresAt: Date }) {
  const heading = useRef<HTMLSpanElement>(null);
  const origin = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );
  useEffect(() => heading.current?.focus(), []);

  return (
    <div className="grid gap-4">
      <Alert
        tone="warn"
        title={
          <span ref={heading} tabIndex={-1}>
            Copy the key now. It is shown this once.
          </span>
        }
      >
        <p>
          We keep only its hash. If it is lost, make another and revoke this one. It stops working on its own:{" "}
          <Time at={expiresAt} mode="date" />.
        </p>
      </Alert>
      <CopyBlock text={agentKey} label="agent key" />
      <div className="grid gap-1">
        <h3 className="text-xs text-muted">Ask before each tool call</h3>
        <CopyBlock text={snippetFor(origin)} label="integration snippet" />
      </div>
      <div className="grid gap-1">
        <h3 className="text-xs text-muted">Send its telemetry</h3>
        <TelemetrySnippets agentKey={agentKey} />
      </div>
    </div>
  );
}

function snippetFor(origin: string): string {
  return `const answer = await fetch("${origin}/api/v1/decisions", { method: "POST",
  headers: { authorization: \`Bearer \${process.env.INTERLOCK_KEY}\`, "content-type": "application/json" },
  body: JSON.stringify({ session_id, run_id, tool, args }) });
const { verdict, reasons, approval } = await answer.json();
if (verdict !== "allow") throw new Error(approval ? \`waits for a person: \${approval.url}\` : reasons[0].message);`;
}
