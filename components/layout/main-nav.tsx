"use client";

import { usePathname } from "next/navigation";

import { Link } from "@/components/ui/link";

import { isWithin, NAV_ITEMS } from "./nav-items";

type MainNavProps = {
  waiting: number;
  /** `bar` is the row of the top bar, `list` the opened menu of a narrow screen. */
  shape: "bar" | "list";
  onGo?: (() => void) | undefined;
};

const SHAPES = {
  bar: {
    list: "flex items-stretch gap-3.5",
    link: "inline-flex h-11 items-center gap-1 border-b-2 border-transparent pt-0.5 text-muted hover:text-text aria-[current=page]:border-text aria-[current=page]:font-semibold aria-[current=page]:text-text",
  },
  list: {
    list: "grid",
    link: "flex min-h-11 items-center gap-2 border-b border-hair px-4 text-base aria-[current=page]:font-semibold",
  },
} as const;

/** The rooms of the console. The desk carries the number of actions that wait. */
export function MainNav({ waiting, shape, onGo }: MainNavProps) {
  const pathname = usePathname();
  const look = SHAPES[shape];
  return (
    <nav aria-label="Main">
      <ul className={look.list}>
        {NAV_ITEMS.map((item) => (
          <li key={item.href}>
            <Link
              href={item.href}
              className={look.link}
              {...(isWithin(pathname, item.href) && { "aria-current": "page" })}
              {...(onGo && { onClick: onGo })}
            >
              {item.label}
              {item.counts && waiting > 0 && <WaitingCount waiting={waiting} />}
            </Link>
          </li>
        ))}
      </ul>
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
