"use client";

import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";

import { BandMark } from "@/components/ui/band-mark";
import { Kbd } from "@/components/ui/kbd";
import { VisibleText } from "@/components/ui/visible-text";
import { paths } from "@/lib/core/shared/paths";
import type { Places } from "@/lib/core/workspaces/places";
import { COMMANDS, type CommandId, keyText } from "@/lib/core/workspaces/shortcuts";

import { perform, useAvailableCommands, useKeyOf } from "./commands";
import { NAV_PLACES } from "./nav-items";

const PAGES = [
  ...NAV_PLACES,
  { label: "History of actions", href: paths.desk({ state: "history" }) },
  { label: "Decided by me", href: paths.desk({ state: "mine" }) },
  { label: "Waiting on others", href: paths.desk({ state: "others" }) },
  { label: "Halted runs", href: paths.desk({ state: "halted" }) },
];
const NONE: Places = { actions: [], agents: [] };

/** Null when nobody is signed in any more. */
export type LoadPlaces = () => Promise<Places | null>;

/** What the palette finds: waiting actions, pages, agents and the commands of what is open, by their first letters. */
export function PaletteChoices({ load, onChosen }: { load: LoadPlaces; onChosen: () => void }) {
  const router = useRouter();
  const commands = useAvailableCommands();
  const { actions, agents } = usePlaces(load);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Once the dialog has opened and given the focus to its first element.
    const frame = requestAnimationFrame(() => field.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  const go = (href: string) => {
    onChosen();
    router.push(href);
  };
  return (
    <Command label="Go to or do" loop className="grid gap-2">
      <Command.Input
        ref={field}
        placeholder="A page, an action, an agent, a command"
        className="h-8 w-full rounded-sm border border-edge bg-surface px-2 pointer-coarse:h-11 pointer-coarse:text-base"
      />
      <Command.List label="Matches" className="max-h-[min(24rem,60dvh)] overflow-y-auto">
        <Command.Empty className="px-2 py-3 text-muted">Nothing has that name.</Command.Empty>
        <Group heading="Waiting actions">
          {actions.map((action) => (
            <Item
              key={action.id}
              value={`${action.text} ${action.agent} ${action.id}`}
              onSelect={() => go(paths.approval(action.id))}
            >
              <span className="min-w-0 break-words">
                <VisibleText text={`${action.text} · ${action.agent}`} />
              </span>
              <BandMark band={action.band} quiet />
            </Item>
          ))}
        </Group>
        <Group heading="Pages">
          {PAGES.map((page) => (
            <Item key={page.href} value={`page ${page.label}`} onSelect={() => go(page.href)}>
              {page.label}
            </Item>
          ))}
        </Group>
        <Group heading="Agents">
          {agents.map((handle) => (
            <Item key={handle} value={`agent ${handle}`} onSelect={() => go(paths.agent(handle))}>
              <VisibleText text={handle} />
            </Item>
          ))}
        </Group>
        <Group heading="Commands here">
          {commands.map((id) => (
            <CommandItem key={id} id={id} onChosen={onChosen} />
          ))}
        </Group>
      </Command.List>
    </Command>
  );
}

/** What waits and who is there, asked for when the palette opens. Without an answer there are the pages. */
function usePlaces(load: LoadPlaces): Places {
  const [places, setPlaces] = useState(NONE);
  useEffect(() => {
    let gone = false;
    load().then(
      (answer) => !gone && setPlaces(answer ?? NONE),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [load]);
  return places;
}

function CommandItem({ id, onChosen }: { id: CommandId; onChosen: () => void }) {
  const key = useKeyOf(id);
  const choose = () => {
    onChosen();
    // After the dialog has given the focus back: what the command opens may want it.
    setTimeout(() => perform(id), 0);
  };
  return (
    <Item value={`command ${COMMANDS[id].words}`} onSelect={choose}>
      {COMMANDS[id].words}
      {key !== null && <Kbd>{keyText(key)}</Kbd>}
    </Item>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted"
    >
      {children}
    </Command.Group>
  );
}

function Item({ value, onSelect, children }: { value: string; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-8 cursor-pointer items-center justify-between gap-3 rounded-sm px-2 py-1 aria-selected:bg-sunk aria-selected:outline aria-selected:outline-accent pointer-coarse:min-h-11"
    >
      {children}
    </Command.Item>
  );
}
