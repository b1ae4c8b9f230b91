"use client";

import { type FocusEvent, type KeyboardEvent, useRef, useState } from "react";

import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { paths } from "@/lib/core/shared/paths";
import type { Member } from "@/lib/core/workspaces/schema";

type MemberMenuProps = { member: Pick<Member, "name" | "email" | "roles">; signOut: () => Promise<void> };

/** Who is signed in, and the way out. A disclosure: it opens on press, closes on Escape and when the focus leaves. */
export function MemberMenu({ member, signOut }: MemberMenuProps) {
  const [open, setOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    setOpen(false);
    toggle.current?.focus();
  };
  const onBlur = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };

  return (
    <div role="presentation" className="relative" onKeyDown={onKeyDown} onBlur={onBlur}>
      <button
        ref={toggle}
        type="button"
        aria-expanded={open}
        aria-label={`Account: ${member.name}`}
        onClick={() => setOpen(!open)}
        className="inline-flex h-8 max-w-40 items-center gap-1.5 rounded-sm px-2 text-muted hover:bg-sunk hover:text-text pointer-coarse:h-11"
      >
        <span className="truncate">{member.name}</span>
        <svg viewBox="0 0 8 8" aria-hidden="true" fill="none" stroke="currentColor" className="size-2 shrink-0">
          <path d="m1 2.5 3 3 3-3" />
        </svg>
      </button>
      {open && (
        <div
          tabIndex={-1}
          className="absolute right-0 z-30 mt-1 grid w-64 gap-3 rounded-md border border-edge bg-surface p-3 shadow-float"
        >
          <MemberFacts member={member} />
          <Link
            href={paths.settings()}
            onClick={() => setOpen(false)}
            className="link inline-flex min-h-6 items-center"
          >
            Settings and personal tokens
          </Link>
          <SignOutForm signOut={signOut} />
        </div>
      )}
    </div>
  );
}

/** Name, address and roles of the signed-in member. */
export function MemberFacts({ member }: { member: MemberMenuProps["member"] }) {
  return (
    <div className="grid gap-0.5 break-words">
      <p className="font-semibold">{member.name}</p>
      <p className="text-xs text-muted">{member.email}</p>
      <p className="text-xs text-muted">{member.roles.join(", ").replaceAll("_", " ")}</p>
    </div>
  );
}

/** Ends this browser's session. */
export function SignOutForm({ signOut }: { signOut: () => Promise<void> }) {
  return (
    <form action={signOut}>
      <Button type="submit" className="w-full">
        Sign out
      </Button>
    </form>
  );
}
