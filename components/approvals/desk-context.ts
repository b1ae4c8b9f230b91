"use client";

import { createContext, useContext, useSyncExternalStore } from "react";

import { createWatchers } from "@/components/ui/watchers";
import type { ApprovalDetail } from "@/lib/core/approvals/desk";
import type { FormAction } from "@/lib/core/shared/action-state";

export type Denied = {
  readonly denied: number;
  readonly results: readonly ({ readonly approval_id: string } & (
    | { readonly ok: true }
    | { readonly ok: false; readonly message: string }
  ))[];
};

/** What a desk may do besides answering one action; handed down from the page. */
export type BatchActions = {
  readonly take: FormAction<{ readonly approval_ids: readonly string[] }>;
  readonly renew: FormAction<{ readonly until: string }>;
  readonly end: FormAction<{ readonly released: number }>;
  readonly defer: FormAction;
  readonly handOff: FormAction;
  /** The people an action can be handed to. */
  readonly people: FormAction<readonly { readonly id: string; readonly name: string }[]>;
  readonly ask: FormAction;
  readonly denyTogether: FormAction<Denied>;
  readonly approveGroup: FormAction<{ readonly approved: number }>;
  /** Opens one member of a group: what it would do, noted as seen. */
  readonly expand: FormAction<ApprovalDetail>;
};

/** The desk as its parts share it. */
export type DeskState = {
  readonly actions: BatchActions;
  /** The action that is open; null on a lane. */
  readonly currentId: string | null;
  /** Actions on this page that can be selected, with what they are called. */
  readonly names: ReadonlyMap<string, string>;
  /** Where to go on to when the open action is put off or handed on. */
  readonly onwardHref: string;
  /** Asks why these are denied, and then denies them. */
  askDeny(ids: readonly string[]): void;
};

export const DeskContext = createContext<DeskState | null>(null);

export function useDesk(): DeskState {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error("outside a desk");
  return desk;
}

// Kept beside the pages, so that going from one action to another loses no selection.
let selected: readonly string[] = [];
const watchers = createWatchers();
const NOTHING: readonly string[] = [];

function set(next: readonly string[]): void {
  selected = next;
  watchers.tell();
}

/** The actions that are selected, of those on this page. */
export function useSelected(names: ReadonlyMap<string, string>): readonly string[] {
  const all = useSyncExternalStore(
    watchers.watch,
    () => selected,
    () => NOTHING,
  );
  return all.filter((id) => names.has(id));
}

/** @returns whether it is selected now */
export function toggleSelected(id: string): boolean {
  const was = selected.includes(id);
  set(was ? selected.filter((known) => known !== id) : [...selected, id]);
  return !was;
}

export function unselect(ids: readonly string[]): void {
  set(selected.filter((id) => !ids.includes(id)));
}
