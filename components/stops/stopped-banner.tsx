import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import type { FormAction } from "@/lib/core/shared/action-state";
import type { Stop } from "@/lib/core/workspaces/stop";

import { ResumeButton } from "./resume-button";

type StoppedBannerProps = { stops: readonly Stop[]; resume: FormAction; permitted: boolean };

/** Says on every page that the workspace is stopped: by whom, when, why, and how it goes on. */
export function StoppedBanner({ stops, resume, permitted }: StoppedBannerProps) {
  if (stops.length === 0) return null;
  return (
    <section aria-label="This workspace is stopped" className="border-b-2 border-deny bg-surface px-4 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <VerdictMark verdict="halt" />
        <p className="font-semibold">This workspace is stopped. Every decision is halt.</p>
      </div>
      <ul className="mt-1 grid gap-1">
        {stops.map((stop) => (
          <li key={stop.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="min-w-0">
              {stop.requested_by ?? "The system"}, <Time at={stop.confirmed_at} />: “<VisibleText text={stop.reason} />”
            </span>
            <ResumeButton stopId={stop.id} what="this workspace" action={resume} permitted={permitted} />
          </li>
        ))}
      </ul>
    </section>
  );
}
