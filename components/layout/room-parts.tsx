"use client";

import { usePathname } from "next/navigation";

import { Link } from "@/components/ui/link";

import { partOf, roomOf } from "./nav-items";

/** The pages of a room that has several, side by side. Nothing in a room of one page. */
export function RoomParts() {
  const pathname = usePathname();
  const room = roomOf(pathname);
  if (room?.parts === undefined) return null;
  const current = partOf(room, pathname);
  return (
    <nav aria-label={room.label} className="overflow-x-auto border-b border-hair px-4 sm:px-6">
      <ul className="flex gap-4">
        {room.parts.map((part) => (
          <li key={part.href}>
            <Link
              href={part.href}
              className="inline-flex h-9 items-center border-b-2 border-transparent whitespace-nowrap text-muted hover:text-text aria-[current=page]:border-text aria-[current=page]:font-semibold aria-[current=page]:text-text pointer-coarse:h-11"
              {...(part === current && { "aria-current": "page" })}
            >
              {part.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
