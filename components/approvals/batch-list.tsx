"use client";

import { BandMark } from "@/components/ui/band-mark";
import { Button } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { Standing } from "@/lib/core/approvals/batch";
import type { DeskItem } from "@/lib/core/approvals/desk";
import { grouped } from "@/lib/core/approvals/grouped";
import { actText } from "@/lib/core/approvals/headline-text";

import { toggleSelected, useDesk, useSelected } from "./desk-context";

/** An action as the list beside the open one names it. */
export type Listed = DeskItem & { readonly group: string; readonly standing: Standing; readonly href: string };

const OVER: Record<Exclude<Standing, "open">, string> = {
  decided: "answered",
  left: "handed on",
  over: "over",
  lapsed: "back in the pool",
};

/** The batch, and nothing besides: what is alike stands as one card, what is over says so. */
export function BatchList({ items, label }: { items: readonly Listed[]; label: string }) {
  const { names, askDeny } = useDesk();
  const selected = useSelected(names);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <ol aria-label={label} className="grid grid-cols-[minmax(0,1fr)] divide-y divide-hair border-y border-hair">
        {grouped(items).map((members) => (
          <Card key={members[0].id} members={members} selected={selected} />
        ))}
      </ol>
      {selected.length > 0 && (
        <Button variant="strong" onClick={() => askDeny(selected)}>
          Deny {selected.length} selected… <Kbd>Shift D</Kbd>
        </Button>
      )}
    </div>
  );
}

function Card({ members, selected }: { members: readonly [Listed, ...Listed[]]; selected: readonly string[] }) {
  const [first] = members;
  if (members.length === 1) return <Entry item={first} selected={selected} />;
  const open = members.filter((item) => item.standing === "open").length;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)]">
      <p className="flex items-baseline justify-between gap-2 px-2 pt-1.5">
        <b className="min-w-0 font-semibold break-words">
          <VisibleText text={actText(first.headline, { hideCount: true })} />
        </b>
        <span className="text-xs whitespace-nowrap text-muted">
          {members.length} alike, {open} open
        </span>
      </p>
      <ol aria-label={`${members.length} alike`} className="ml-2 grid grid-cols-[minmax(0,1fr)] border-l border-hair">
        {members.map((item) => (
          <Entry key={item.id} item={item} selected={selected} />
        ))}
      </ol>
    </li>
  );
}

function Entry({ item, selected }: { item: Listed; selected: readonly string[] }) {
  const { currentId } = useDesk();
  const name = actText(item.headline, { hideCount: item.band === "critical" });
  const open = item.standing === "open";
  return (
    <li className="flex items-start gap-1">
      <Link
        href={item.href}
        {...(item.id === currentId && { "aria-current": "true" as const })}
        className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] gap-0.5 px-2 py-1.5 hover:bg-sunk aria-[current]:border-l-2 aria-[current]:border-text aria-[current]:bg-sunk aria-[current]:pl-1.5"
      >
        <span className="flex flex-wrap items-baseline justify-between gap-x-2">
          <b className={`min-w-0 break-words ${open ? "font-semibold" : "font-normal text-muted line-through"}`}>
            <VisibleText text={name} />
          </b>
          <span className="text-xs">
            <BandMark band={item.band} quiet />
          </span>
        </span>
        <span className="text-xs break-words text-muted">
          <VisibleText text={item.headline.count === null ? item.agent : `${item.headline.resource} · ${item.agent}`} />
          {item.own && " · your agent"}
          {open ? (
            <>
              {" "}
              · due <Time at={item.expiresAt} />
            </>
          ) : (
            ` · ${OVER[item.standing as keyof typeof OVER]}`
          )}
        </span>
      </Link>
      {open && (
        <label className="grid size-8 shrink-0 place-items-center pointer-coarse:size-11">
          <input
            type="checkbox"
            aria-label={`Select ${name}`}
            checked={selected.includes(item.id)}
            onChange={() => toggleSelected(item.id)}
            className="size-4"
          />
        </label>
      )}
    </li>
  );
}
