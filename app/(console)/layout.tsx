import type { ReactNode } from "react";

import { ConsoleKeys } from "@/components/layout/console-keys";
import { DemoBanner } from "@/components/layout/demo-banner";
import { RoomParts } from "@/components/layout/room-parts";
import { SkipLink } from "@/components/layout/skip-link";
import { TopBar } from "@/components/layout/top-bar";
import { RecoveryBanner } from "@/components/stops/recovery-banner";
import { StopButton } from "@/components/stops/stop-button";
import { StoppedBanner } from "@/components/stops/stopped-banner";
import { StopWatch } from "@/components/stops/stop-watch";
import { canResume, canStop } from "@/lib/core/workspaces/permission";
import { listDuties } from "@/lib/services/people/show-people";
import { listStops } from "@/lib/services/stops/list-stops";
import { countWaiting } from "@/lib/services/workspaces/count-waiting";
import { showWorkspace } from "@/lib/services/workspaces/show-workspace";
import { preferences } from "@/lib/web/preferences";
import { pageContext } from "@/lib/web/session";

import { countWaitingAction, listPlacesAction, signOutAction } from "./session-actions";
import { confirmRecoveryAction, requestStopAction, resumeStopAction } from "./stops-actions";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const ctx = await pageContext();
  const [{ workspace, member }, waiting, stops, { theme }] = await Promise.all([
    showWorkspace(ctx),
    countWaiting(ctx),
    listStops(ctx),
    preferences(),
  ]);
  const whole = stops.items.filter((stop) => stop.scope === "workspace");
  const mayResume = canResume(member.roles);
  const open = whole.filter((each) => each.resumed_at === null);
  const resuming = open.length === 0 ? null : (await listDuties(ctx)).find(({ name }) => name === "resume");
  const stop = (
    <StopButton target={{ scope: "workspace" }} action={requestStopAction} permitted={canStop(member.roles)} />
  );

  return (
    <>
      <SkipLink />
      <TopBar
        waiting={waiting}
        countWaiting={countWaitingAction}
        member={member}
        theme={theme}
        signOut={signOutAction}
        stop={stop}
      />
      {workspace.demo && <DemoBanner />}
      <StoppedBanner
        stops={open}
        nobody={resuming?.fault ?? null}
        resume={resumeStopAction}
        person={{ id: member.id, mayResume }}
      />
      <RecoveryBanner
        workspace={stops.workspace}
        last={whole.find((each) => each.resumed_at !== null)}
        confirm={confirmRecoveryAction}
        mayResume={mayResume}
      />
      <StopWatch />
      <ConsoleKeys load={listPlacesAction} />
      <RoomParts />
      <main
        id="main"
        tabIndex={-1}
        className="grid grid-cols-[minmax(0,1fr)] content-start gap-6 px-4 py-5 outline-none sm:px-6"
      >
        {children}
      </main>
    </>
  );
}
