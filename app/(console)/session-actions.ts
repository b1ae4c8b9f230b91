"use server";

import type { Places } from "@/lib/core/workspaces/places";
import { countWaiting } from "@/lib/services/workspaces/count-waiting";
import { listPlaces } from "@/lib/services/workspaces/list-places";
import { signOutHere } from "@/lib/web/credentials";
import { currentContext } from "@/lib/web/session";

export async function signOutAction(): Promise<void> {
  await signOutHere();
}

/** Null for nobody: a page left open after its session ended keeps what it shows. */
export async function countWaitingAction(): Promise<number | null> {
  const ctx = await currentContext();
  return ctx && countWaiting(ctx);
}

/** What the palette offers; null for nobody. */
export async function listPlacesAction(): Promise<Places | null> {
  const ctx = await currentContext();
  return ctx && listPlaces(ctx);
}
