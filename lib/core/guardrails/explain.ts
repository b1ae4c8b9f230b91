import {
  type Explanation,
  explainContext,
  explainEgress,
  explainExecution,
  explainFreezes,
} from "@/lib/core/manifests/explain";
import { explainLimits } from "@/lib/core/manifests/explain-tool";
import { isGlob } from "@/lib/core/manifests/glob";
import { countText, durationText, phraseOf } from "@/lib/core/manifests/words";

import type { Guardrail, RestrictedTool } from "./schema";

/** A guardrail in plain words, rule by rule: what no agent may do, and what every agent is held to. */
export function explainGuardrail(guardrail: Guardrail): readonly Explanation[] {
  return [
    ...guardrail.tools.blocked.map((text, index) => ({
      path: `/tools/blocked/${index}`,
      sentence: isGlob(text)
        ? `No agent may use a tool whose name looks like \`${text}\`.`
        : `No agent may ${phraseOf(text)}, nor use a look-alike of it.`,
    })),
    ...guardrail.tools.restricted.flatMap((entry, index) => explainRestricted(entry, `/tools/restricted/${index}`)),
    ...explainFreezes(guardrail),
    ...explainExecution(guardrail),
    ...explainContext(guardrail),
    ...explainEgress(guardrail),
    ...explainDemands(guardrail),
    ...explainTests(guardrail),
  ];
}

function explainRestricted(entry: RestrictedTool, path: string): Explanation[] {
  const who = isGlob(entry.name)
    ? entry.name === "*"
      ? "Every tool"
      : `Every tool whose name looks like \`${entry.name}\``
    : `\`${entry.name}\``;
  const asks =
    entry.requires_approval === true
      ? " needs a person's approval for every call"
      : " is held to more than its manifest says";
  return [{ path, sentence: `${who}${asks}${termsText(entry)}.` }, ...explainLimits(entry, path)];
}

function termsText({ quorum, approval_timeout_seconds: seconds, approver_role: role }: RestrictedTool): string {
  const parts = [
    quorum === undefined ? null : `by at least ${quorum} ${quorum === 1 ? "person" : "different people"}`,
    role === undefined ? null : `with at least the role ${role.replaceAll("_", " ")}`,
    seconds === undefined ? null : `within ${durationText(seconds)} at most`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "" : `, approved ${parts.join(" ")}`;
}

function explainDemands({ approval, risk }: Guardrail): Explanation[] {
  const said: Explanation[] = [];
  if (approval?.quorum !== undefined && approval.quorum > 1)
    said.push({
      path: "/approval/quorum",
      sentence: `Whatever is approved needs at least ${approval.quorum} different people.`,
    });
  if (approval?.timeout_seconds !== undefined)
    said.push({
      path: "/approval/timeout_seconds",
      sentence: `Whatever is approved must be approved within ${durationText(approval.timeout_seconds)} at most.`,
    });
  if (approval?.separation_of_duties === true)
    said.push({
      path: "/approval/separation_of_duties",
      sentence: "Nobody approves a call of an agent they are responsible for.",
    });
  if (risk?.require_approval_at !== undefined)
    said.push({
      path: "/risk/require_approval_at",
      sentence: `Whatever the agent, a call with a risk of ${risk.require_approval_at} or more must be approved by a person.`,
    });
  return said;
}

function explainTests({ tests = [] }: Guardrail): Explanation[] {
  if (tests.length === 0) return [];
  const sentence = `${countText(tests.length, "pinned case")} must give the answer written here before a new version is published.`;
  return [{ path: "/tests", sentence }];
}
