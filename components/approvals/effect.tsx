import type { ApprovalDetail } from "@/lib/core/approvals/desk";
import { isLong } from "@/lib/core/approvals/part";
import { FIRST_LINES, windowOf } from "@/lib/core/approvals/window";
import type { FormAction } from "@/lib/core/shared/action-state";

import { EffectChange } from "./effect-change";
import { EffectHead } from "./effect-head";
import { EffectWarnings } from "./effect-warnings";
import { LongPart } from "./long-part";
import { PartBodyView } from "./part-body";
import { PartFrame } from "./part-frame";

/** What the call would do: what does not fit the request first, then every part, the bound arguments always among them. */
export function Effect({ detail, download }: { detail: ApprovalDetail; download: FormAction<string> }) {
  const { view, approval, change } = detail;
  return (
    <>
      {change !== null && <EffectChange change={change.diff} successorId={change.successorId} />}
      <section aria-labelledby="effect" className="grid min-w-0 gap-3 py-4">
        <div className="grid gap-0.5">
          <h2 id="effect" className="text-base">
            Effect
          </h2>
          <p>{view.summary}</p>
          <EffectHead detail={detail} />
        </div>
        <EffectWarnings view={view} />
        {view.parts.map((part) => (
          <PartFrame
            key={part.id}
            id={part.id}
            title={part.title}
            summary={part.summary}
            note={part.note}
            uninspectable={part.uninspectable}
            long={isLong(part)}
            approvalId={approval.id}
            download={download}
          >
            {isLong(part) ? (
              <LongPart
                approvalId={approval.id}
                partId={part.id}
                title={part.title}
                first={windowOf(part, 0, FIRST_LINES)}
              />
            ) : (
              <PartBodyView part={part} />
            )}
          </PartFrame>
        ))}
      </section>
    </>
  );
}
