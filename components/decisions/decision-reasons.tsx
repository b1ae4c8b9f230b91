import Link from "next/link";

import { MessageText } from "@/components/ui/message-text";
import type { DecisionDetail } from "@/lib/core/runs/decision";

import { PlaceText, placeHref } from "./place-text";

/** Why the answer is what it is, in sentences, and the rule that settled it with its line. */
export function DecisionReasons({ decision }: { decision: DecisionDetail }) {
  const { manifest, guardrail, rule, line, reasons } = decision;
  const isShared = rule?.startsWith("guardrails.") ?? false;
  const document = isShared ? guardrail : manifest;
  const href = placeHref(decision, isShared ? "/guardrails" : "", line);
  return (
    <div className="grid max-w-[72ch] gap-2 text-base">
      {reasons.map((reason, index) => (
        <p key={index} className="[overflow-wrap:anywhere]">
          <MessageText text={reason.message} />{" "}
          <span className="font-mono text-xs text-muted">
            <PlaceText places={decision} path={reason.path} />
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
            {href ? (
              <Link href={href} className="link font-mono [overflow-wrap:anywhere]">
                {rule}
              </Link>
            ) : (
              <span className="font-mono [overflow-wrap:anywhere]">{rule}</span>
            )}
            {document && (
              <span className="text-muted">
                {" "}
                · {isShared ? "guardrail" : "manifest"} version {document.version}
                {line !== null && `, line ${line}`}
              </span>
            )}
          </>
        )}
      </p>
    </div>
  );
}
