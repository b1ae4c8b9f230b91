import { AlertStateMark } from "@/components/signals/alert-state";
import { BandMark } from "@/components/ui/band-mark";
import { Chip } from "@/components/ui/chip";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import type { AlertItem } from "@/lib/core/alerts/schema";
import { sayAlert } from "@/lib/core/alerts/words";
import type { TaskCounts } from "@/lib/core/approvals/desk";
import { headlineText } from "@/lib/core/approvals/headline-text";
import { counted } from "@/lib/core/approvals/part";
import type { IncidentItem } from "@/lib/core/incidents/schema";
import { FAILURE_WORDS } from "@/lib/core/incidents/failures";
import { paths } from "@/lib/core/shared/paths";
import type { BandCount, PendingManifest, WaitingItem } from "@/lib/core/workspaces/overview";

type WaitingNowProps = {
  bands: readonly BandCount[];
  waiting: readonly WaitingItem[];
  manifests: readonly PendingManifest[];
  incidents: readonly IncidentItem[];
  /** Alerts that fire and that nobody has taken up. */
  alerts: readonly AlertItem[];
  tasks: TaskCounts;
};

const ORDER = ["critical", "high", "elevated", "low"] as const;

/** What needs a person now: waiting actions by band and by deadline, and manifests that wait for a second person. */
export function WaitingNow({ bands, waiting, manifests, incidents, alerts, tasks }: WaitingNowProps) {
  const total = bands.reduce((sum, band) => sum + band.waiting, 0);
  return (
    <Section
      title="What needs me now"
      aside={
        total > 0 && (
          <Link href={paths.desk()} className="link">
            Open the desk
          </Link>
        )
      }
    >
      <div className="divide-y divide-hair border-y border-hair bg-surface">
        {total === 0 && (
          <p className="px-3 py-4 text-muted">
            No action waits. Irreversible calls of your agents appear here as they ask.
          </p>
        )}
        {total > 0 && <Bands bands={bands} />}
        {total > 0 && (
          <ul aria-label="Soonest deadlines" className="divide-y divide-hair">
            {waiting.map((item) => (
              <WaitingRow key={item.id} item={item} />
            ))}
          </ul>
        )}
        <Tasks tasks={tasks} />
        {alerts.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
        {incidents.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} />
        ))}
        {manifests.map((pending) => (
          <PendingRow key={`${pending.agent} ${pending.version}`} pending={pending} />
        ))}
      </div>
    </Section>
  );
}

function Tasks({ tasks: { halted, unknown } }: { tasks: TaskCounts }) {
  if (halted + unknown === 0) return null;
  return (
    <p className="flex flex-wrap gap-x-6 gap-y-1 px-3 py-2">
      {halted > 0 && (
        <Link href={paths.desk({ state: "halted" })} className="inline-block min-h-6 hover:underline">
          {counted(halted, "halted run")} {halted === 1 ? "waits" : "wait"} for two people
        </Link>
      )}
      {unknown > 0 && (
        <Link href={paths.desk({ state: "unknown" })} className="inline-block min-h-6 hover:underline">
          {counted(unknown, "call")} that may have run
        </Link>
      )}
    </p>
  );
}

function AlertRow({ alert }: { alert: AlertItem }) {
  const { why, agent, began_at: since } = alert;
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <AlertStateMark state={alert.state} />
      <Link href={paths.signal(alert.id)} className="inline-block min-h-6 font-medium hover:underline">
        <VisibleText text={sayAlert({ why, agent, since: since.toISOString() }).title} />
      </Link>
      <span className="text-xs text-muted">
        since <Time at={since} />
      </span>
    </p>
  );
}

function IncidentRow({ incident }: { incident: IncidentItem }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <Chip tone="warn">Incident</Chip>
      <Link href={paths.incident(incident.id)} className="inline-block min-h-6 font-medium hover:underline">
        <VisibleText text={incident.title} />
      </Link>
      <span className="text-xs text-muted">
        {FAILURE_WORDS[incident.class].name} · {incident.agent}, <Time at={incident.opened_at} />
      </span>
    </p>
  );
}

function Bands({ bands }: { bands: readonly BandCount[] }) {
  return (
    <ul aria-label="Waiting by band" className="flex flex-wrap gap-x-6 gap-y-1 px-3 py-2">
      {ORDER.map((band) => {
        const waiting = bands.find((count) => count.band === band)?.waiting ?? 0;
        return (
          <li key={band}>
            <Link href={paths.desk({ band })} className="inline-flex min-h-6 items-center gap-2 hover:underline">
              <BandMark band={band} quiet />
              <span className={waiting === 0 ? "text-muted" : "font-semibold"}>{waiting}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

function WaitingRow({ item }: { item: WaitingItem }) {
  // The count of a critical action is what its reviewer types: it is printed on the desk, inside the difference.
  const headline = item.headline ? headlineText(item.headline, { hideCount: item.band === "critical" }) : item.tool;
  return (
    <li className="grid gap-x-4 gap-y-0.5 px-3 py-2 hover:bg-sunk sm:grid-cols-[8.5rem_minmax(0,1fr)_auto] sm:items-baseline">
      <BandMark band={item.band} score={item.score} quiet />
      <div className="min-w-0">
        <Link href={paths.approval(item.id)} className="inline-block min-h-6 font-medium hover:underline">
          <VisibleText text={headline} />
        </Link>
        <p className="text-xs text-muted">
          <Mono>
            <VisibleText text={item.target === null ? item.agent : `${item.target} · ${item.agent}`} />
          </Mono>
        </p>
      </div>
      <span className="text-xs text-muted">
        due <Time at={item.expires_at} />
      </span>
    </li>
  );
}

function PendingRow({ pending }: { pending: PendingManifest }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <VerdictMark verdict="waiting" />
      <Link
        href={paths.manifest(pending.agent, pending.version)}
        className="inline-block min-h-6 font-medium hover:underline"
      >
        Manifest v{pending.version} of {pending.agent} widens what it may do
      </Link>
      <span className="text-xs text-muted">
        needs a second person · by {pending.author ?? "the system"}, <Time at={pending.created_at} />
      </span>
    </p>
  );
}
