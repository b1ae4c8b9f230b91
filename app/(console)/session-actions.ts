"use server";

import { countWaiting } from "@/lib/services/workspaces/count-waiting";
import { signOutHere } from "@/lib/web/credentials";
import { requireSameOrigin } from "@/lib/web/same-origin";
import { userContext } from "@/lib/web/session";

export async function signOutAction(): Promise<void> {
  await signOutHere();
}

export async function countWaitingAction(): Promise<number> {
  await requireSameOrigin();
  return countWaiting(await userContext());
}
