import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";
import { whyNotConsent } from "@/lib/core/workspaces/consent";
import type { Resumed, Stop } from "@/lib/core/workspaces/stop";

import { ConsentList } from "./consent-list";
import { ResumeButton } from "./resume-button";

/** The person who looks, as far as resuming goes. */
export type Resumer = { readonly id: string; readonly mayResume: boolean };

type StoppedBannerProps = {
  stops: readonly Stop[];
  resume: FormAction<Resumed>;
  person: Resumer;
  /** Why no two people could end it today; null when two can. */
  nobody: string | null;
};

/** Says on every page that the workspace is stopped: by whom, when, why, and how it goes on. */
export function StoppedBanner({ stops, resume, person, nobody }: StoppedBannerProps) {
  if (stops.length === 0) return null;
  return (
    <section aria-label="This workspace is stopped" className="border-b-2 border-deny bg-surface px-4 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <VerdictMark verdict="halt" />
        <p className="font-semibold">This workspace is stopped. Every decision is halt.</p>
      </div>
      {nobody !== null && (
        <p className="mt-1 max-w-[90ch]">
          <VisibleText text={nobody} />{" "}
          <Link href={paths.people()} className="link">
            People
          </Link>
        </p>
      )}
      <ul className="mt-1 grid gap-1">
        {stops.map((stop) => (
          <li key={stop.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="min-w-0">
              {stop.requested_by ?? "The system"}: “<VisibleText text={stop.reason} />” · requested{" "}
              <Time at={stop.requested_at} mode="clock" />, held {heldAfter(stop)} later,{" "}
              <Time at={stop.confirmed_at} />
            </span>
            <ConsentList consents={stop.consents} />
            <ResumeButton
              stopId={stop.id}
              scope="workspace"
              what="this workspace"
              consents={stop.consents}
              action={resume}
              refusal={whyNotConsent(person, {
                scope: "workspace",
                driId: null,
                consents: stop.consents,
                not_second: stop.not_second,
              })}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The time between asking for the stop and the moment nothing could get past it. */
function heldAfter({ requested_at, confirmed_at }: Stop): string {
  return `${Math.max(0, confirmed_at.getTime() - requested_at.getTime())} ms`;
}
