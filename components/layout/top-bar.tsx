"use client";

import type { ReactNode } from "react";
import { useEffect, useRef, useState } from "react";

import { Link } from "@/components/ui/link";
import { paths } from "@/lib/core/shared/paths";
import type { Preferences } from "@/lib/core/workspaces/preferences";
import type { Member } from "@/lib/core/workspaces/schema";

import { LiveHint } from "./live-hint";
import { MainNav } from "./main-nav";
import { MemberMenu } from "./member-menu";
import { Menu } from "./menu";
import { ThemeSwitch } from "./theme-switch";
import { useEvents } from "./use-events";

type TopBarProps = {
  waiting: number;
  /** Counts the waiting actions again; null when nobody is signed in any more. */
  countWaiting: () => Promise<number | null>;
  member: Member;
  theme: Preferences["theme"];
  signOut: () => Promise<void>;
  /** The stop button: always last, always at the top right. */
  stop: ReactNode;
};

/** The bar every page of the console has. */
export function TopBar({ waiting: initial, countWaiting, member, theme, signOut, stop }: TopBarProps) {
  const waiting = useWaiting(initial, countWaiting);
  return (
    <header className="sticky top-0 z-20 flex h-12 items-center gap-x-3 border-b border-hair bg-surface px-4 xl:gap-x-4">
      <div className="xl:hidden">
        <Menu waiting={waiting} member={member} signOut={signOut} />
      </div>
      <Link href={paths.overview()} className="inline-flex min-h-6 items-center text-base font-semibold">
        Interlock
      </Link>
      <div className="hidden min-w-0 xl:block">
        <MainNav waiting={waiting} shape="bar" />
      </div>
      <div className="ml-auto flex items-center gap-1 sm:gap-2">
        <span className="max-sm:sr-only">
          <LiveHint />
        </span>
        <ThemeSwitch initial={theme} />
        <div className="hidden xl:block">
          <MemberMenu member={member} signOut={signOut} />
        </div>
        {stop}
      </div>
    </header>
  );
}

const TOPICS = ["approval.waiting", "approval.vote", "approval.settled"];
const AT_MOST_EVERY_MS = 1_000;

/** The number of waiting actions: what the server said last, counted again soon after something happened to one. */
function useWaiting(initial: number, count: () => Promise<number | null>): number {
  const [known, setKnown] = useState({ initial, waiting: initial });
  if (known.initial !== initial) setKnown({ initial, waiting: initial });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  useEvents(TOPICS, () => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      count().then(
        (waiting) => setKnown((before) => ({ ...before, waiting: waiting ?? before.waiting })),
        () => undefined, // the next event or page counts again
      );
    }, AT_MOST_EVERY_MS);
  });
  return known.waiting;
}
