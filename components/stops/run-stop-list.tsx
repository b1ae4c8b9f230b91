import { Chip } from "@/components/ui/chip";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";
import { whyNotConsent } from "@/lib/core/workspaces/consent";
import type { Resumed, RunStop } from "@/lib/core/workspaces/stop";

import { ConsentList } from "./consent-list";
import { ResumeButton } from "./resume-button";
import type { Resumer } from "./stopped-banner";

type RunStopListProps = {
  stops: readonly RunStop[];
  resume: FormAction<Resumed>;
  person: Resumer;
  /** Without the link to the incident: on the incident's own page. */
  ofOneIncident?: boolean;
};

/** Halted runs that go on only with two people: which, why, since when, and who has consented. */
export function RunStopList({ stops, resume, person, ofOneIncident = false }: RunStopListProps) {
  return (
    <ul aria-label="Halted runs" className="divide-y divide-hair border-y border-hair bg-surface">
      {stops.map((stop) => (
        <li
          key={stop.stop_id}
          className="grid gap-x-4 gap-y-1 px-3 py-2 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center"
        >
          <div className="grid min-w-0 gap-0.5">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <VerdictMark verdict="halt" size="sm" />
              <Link href={paths.run(stop.run_id)} className="inline-block min-h-6 font-medium hover:underline">
                <Mono>
                  <VisibleText text={stop.run} />
                </Mono>
              </Link>
              <Link href={paths.agent(stop.agent)} className="link">
                <VisibleText text={stop.agent} />
              </Link>
              {stop.demo && <Chip tone="demo">demo</Chip>}
            </p>
            <p className="break-words">
              {stop.requested_by === null ? (
                <VisibleText text={stop.reason} />
              ) : (
                <>
                  {stop.requested_by}: “<VisibleText text={stop.reason} />”
                </>
              )}{" "}
              <span className="text-muted">
                <Time at={stop.at} />
              </span>
              {stop.incident_id !== null && !ofOneIncident && (
                <>
                  {" · "}
                  <Link href={paths.incident(stop.incident_id)} className="link">
                    incident
                  </Link>
                </>
              )}
            </p>
            <ConsentList consents={stop.consents} />
          </div>
          <ResumeButton
            stopId={stop.stop_id}
            scope="run"
            what={`run ${stop.run}`}
            consents={stop.consents}
            action={resume}
            refusal={whyNotConsent(person, {
              scope: "run",
              driId: stop.dri_id,
              consents: stop.consents,
              not_second: stop.not_second,
            })}
          />
        </li>
      ))}
    </ul>
  );
}
