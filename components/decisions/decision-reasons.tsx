import Link from "next/link";

import { MessageText } from "@/components/traces/message-text";
import { VisibleText } from "@/components/ui/visible-text";
import { paths } from "@/lib/core/shared/paths";
import type { DecisionDetail } from "@/lib/core/traces/decision";

/** Why the answer is what it is, in sentences, and the rule that settled it with its line. */
export function DecisionReasons({ decision }: { decision: DecisionDetail }) {
  const { manifest, rule, line, agent, reasons } = decision;
  return (
    <div className="grid max-w-[72ch] gap-2 text-base">
      {reasons.map((reason, index) => (
        <p key={index}>
          <MessageText text={reason.message} />{" "}
          <span className="font-mono text-xs text-muted">
            <VisibleText text={reason.path} />
          </span>
        </p>
      ))}
      {reasons.length === 0 && <p>Nothing stood against this call.</p>}
      <p className="text-sm">
        {rule === null ? (
          <span className="text-muted">No rule granted the call; what no rule grants is denied.</span>
        ) : (
          <>
            <span className="text-muted">Settled by </span>
            {manifest && line !== null ? (
              <Link href={paths.manifest(agent, manifest.version, line)} className="link font-mono">
                {rule}
              </Link>
            ) : (
              <span className="font-mono">{rule}</span>
            )}
            {manifest && (
              <span className="text-muted">
                {" "}
                · manifest version {manifest.version}
                {line !== null && `, line ${line}`}
              </span>
            )}
          </>
        )}
      </p>
    </div>
  );
}
