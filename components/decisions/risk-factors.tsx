import { MessageText } from "@/components/ui/message-text";
import { BandMark } from "@/components/ui/band-mark";
import type { Risk } from "@/lib/core/decisions/schema";

/** The score and what it is made of, signed and in words. It orders and gates; it is no advice. */
export function RiskFactors({ risk }: { risk: Risk }) {
  return (
    <div className="grid gap-2">
      <p className="flex flex-wrap items-center gap-3">
        <BandMark band={risk.band} score={risk.score} />
        <span className="text-xs text-muted">The score orders the queue and gates approvals. It is no advice.</span>
      </p>
      <ul aria-label="Risk factors" className="divide-y divide-hair border-y border-hair bg-surface">
        {risk.factors.map((factor, index) => (
          <li key={index} className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-3 px-3 py-1.5">
            <span className="text-right font-semibold">
              {factor.points < 0 ? `−${-factor.points}` : `+${factor.points}`}
            </span>
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <MessageText text={factor.why} />
            </span>
          </li>
        ))}
        {risk.factors.length === 0 && <li className="px-3 py-1.5 text-muted">No factor applies.</li>}
      </ul>
    </div>
  );
}
