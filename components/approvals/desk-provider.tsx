"use client";

import { type ReactNode, useState } from "react";

import { useCommands } from "@/components/layout/commands";

import { say } from "./announcer";
import { BulkDeny } from "./bulk-deny";
import { type BatchActions, DeskContext, toggleSelected, useSelected } from "./desk-context";

type DeskProviderProps = {
  actions: BatchActions;
  currentId: string | null;
  /** Id and name of what can be selected here. */
  items: readonly (readonly [string, string])[];
  onwardHref: string;
  children: ReactNode;
};

/** Holds what is selected and asks for the reason when several are denied: `x` selects, `Shift+D` denies. */
export function DeskProvider({ actions, currentId, items, onwardHref, children }: DeskProviderProps) {
  const names = new Map(items);
  const selected = useSelected(names);
  const [asking, askDeny] = useState<readonly string[] | null>(null);

  useCommands({
    select: () => {
      if (currentId === null || !names.has(currentId)) return;
      say(toggleSelected(currentId) ? "Selected." : "No longer selected.");
    },
    "deny-selected": () => {
      if (selected.length === 0) say("Nothing is selected yet.");
      else askDeny(selected);
    },
  });

  return (
    <DeskContext value={{ actions, currentId, names, onwardHref, askDeny }}>
      {children}
      <BulkDeny ids={asking} close={() => askDeny(null)} />
    </DeskContext>
  );
}
