"use client";

import { usePathname } from "next/navigation";
import { type KeyboardEvent, useRef, useState } from "react";

import type { Member } from "@/lib/core/workspaces/schema";

import { MainNav } from "./main-nav";
import { MemberFacts, SignOutForm } from "./member-menu";

type MenuProps = { waiting: number; member: Member; signOut: () => Promise<void> };

/** The rooms and the account behind one button, where the top bar has no place for them. */
export function Menu({ waiting, member, signOut }: MenuProps) {
  const pathname = usePathname();
  // Kept with the page it was opened on, so that going to another page closes it.
  const [openOn, setOpenOn] = useState<string | null>(null);
  const open = openOn === pathname;
  const toggle = useRef<HTMLButtonElement>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    setOpenOn(null);
    toggle.current?.focus();
  };

  return (
    <div role="presentation" onKeyDown={onKeyDown}>
      <button
        ref={toggle}
        type="button"
        aria-expanded={open}
        aria-controls="menu"
        onClick={() => setOpenOn(open ? null : pathname)}
        className="inline-flex h-8 items-center gap-2 rounded-sm border border-edge px-2 pointer-coarse:h-11"
      >
        <svg viewBox="0 0 16 16" aria-hidden="true" stroke="currentColor" strokeWidth="1.6" className="size-3.5">
          <path d={open ? "m3 3 10 10M13 3 3 13" : "M1.5 4h13M1.5 8h13M1.5 12h13"} />
        </svg>
        Menu
        {waiting > 0 && !open && (
          <span className="rounded-sm border border-edge px-1 text-2xs font-semibold">
            {waiting > 99 ? "99+" : waiting}
            <span className="sr-only"> waiting on the desk</span>
          </span>
        )}
      </button>
      <div
        id="menu"
        hidden={!open}
        className="absolute inset-x-0 top-full z-30 max-h-[calc(100dvh-3rem)] overflow-y-auto border-b border-edge bg-surface shadow-float"
      >
        <MainNav waiting={waiting} shape="list" onGo={() => setOpenOn(null)} />
        <div className="grid gap-3 p-4">
          <MemberFacts member={member} />
          <SignOutForm signOut={signOut} />
        </div>
      </div>
    </div>
  );
}
