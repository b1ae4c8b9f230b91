import Link from "next/link";

import { Alert } from "@/components/ui/alert";
import type { VersionItem } from "@/lib/core/manifests/versions";
import { paths } from "@/lib/core/shared/paths";

/** Says that another version waits for an answer, and leads to it. */
export function WaitingVersion({ version }: { version: VersionItem }) {
  const isWidening = version.change === "widening";
  return (
    <Alert tone="warn" title={`Version ${version.version} waits${isWidening ? " for a second person" : ""}`}>
      <p>
        Proposed by {version.created_by ?? "a former member"}.{" "}
        <Link href={paths.guardrails({ version: version.version })} className="link">
          Look at it
        </Link>
      </p>
    </Alert>
  );
}
