import type { AlertQuality } from "@/lib/core/alerts/schema";
import { wilson } from "@/lib/core/shared/statistics";

const TOO_FEW = 20;

/** How good the alerts were: how many fired, and how many of them somebody acted on. */
export function AlertQualityLine({ quality }: { quality: AlertQuality }) {
  const { fired, actedOn, dismissed, ended, open, days } = quality;
  if (fired === 0) return <p className="text-muted">No alert has fired in the last {days} days.</p>;
  const share = wilson(actedOn, fired);
  const rate =
    fired < TOO_FEW
      ? `too few (${fired}) for a rate`
      : `${((actedOn / fired) * 100).toFixed(0)} % (${(share.low * 100).toFixed(0)} – ${(share.high * 100).toFixed(0)} %)`;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1 sm:flex sm:flex-wrap">
      <Count name="Fired" value={String(fired)} />
      <Count name="Acted on" value={`${actedOn}, ${rate}`} />
      <Count name="Dismissed" value={String(dismissed)} />
      <Count name="Ended by themselves" value={String(ended)} />
      <Count name="Open" value={String(open)} />
    </dl>
  );
}

function Count({ name, value }: { name: string; value: string }) {
  return (
    <div className="contents sm:flex sm:gap-2">
      <dt className="text-muted">{name}</dt>
      <dd className="tabular-nums">{value}</dd>
    </div>
  );
}
