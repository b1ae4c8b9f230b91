"use client";

import { usePathname } from "next/navigation";

import { Link } from "@/components/ui/link";

import { NAV_GROUPS, type Room, roomOf } from "./nav-items";

type MainNavProps = {
  waiting: number;
  /** `bar` is the row of the top bar, `list` the opened menu of a narrow screen. */
  shape: "bar" | "list";
  onGo?: (() => void) | undefined;
};

const LINKS = {
  bar: "inline-flex h-11 items-center gap-1 border-b-2 border-transparent pt-0.5 text-muted hover:text-text aria-[current=page]:border-text aria-[current=page]:font-semibold aria-[current=page]:text-text",
  list: "flex min-h-11 items-center gap-2 px-4 text-base aria-[current=page]:font-semibold",
} as const;

/** The rooms of the console in their groups. The desk carries the number of actions that wait. */
export function MainNav({ waiting, shape, onGo }: MainNavProps) {
  const current = roomOf(usePathname());
  const link = (room: Room) => (
    <Link
      href={room.href}
      className={LINKS[shape]}
      {...(room === current && { "aria-current": "page" })}
      {...(onGo && { onClick: onGo })}
    >
      {room.label}
      {room.counts && waiting > 0 && <WaitingCount waiting={waiting} />}
    </Link>
  );
  return (
    <nav aria-label="Main" className={shape === "bar" ? "flex items-stretch" : "grid"}>
      {NAV_GROUPS.map((group) => (
        <div
          key={group.label}
          className={
            shape === "bar"
              ? "not-first:ml-3.5 not-first:border-l not-first:border-hair not-first:pl-3.5"
              : "border-b border-hair py-1"
          }
        >
          <p id={`${shape}-${group.label}`} className={shape === "bar" ? "sr-only" : "px-4 pt-2 text-xs text-muted"}>
            {group.label}
          </p>
          <ul
            aria-labelledby={`${shape}-${group.label}`}
            className={shape === "bar" ? "flex items-stretch gap-3.5" : "grid grid-cols-2"}
          >
            {group.rooms.map((room) => (
              <li key={room.href}>{link(room)}</li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function WaitingCount({ waiting }: { waiting: number }) {
  return (
    <span className="inline-block min-w-5 rounded-sm border border-edge px-1 text-center text-2xs font-semibold text-text">
      {waiting > 99 ? "99+" : waiting}
      <span className="sr-only"> waiting</span>
    </span>
  );
}
