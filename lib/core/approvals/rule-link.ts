import { paths } from "@/lib/core/shared/paths";

import type { ApprovalDetail } from "./desk";

/** Where the rule that stopped an action is changed: the editor of its manifest, at the rule's line; or the guardrail's. */
export function ruleHref({ display: { rule, manifest, agent } }: Pick<ApprovalDetail, "display">): string {
  if (rule?.startsWith("guardrails.")) return paths.proposeGuardrail();
  if (manifest.line === null) return paths.proposeManifest(agent.handle);
  return paths.proposeManifestAt(agent.handle, manifest.version, manifest.line);
}
