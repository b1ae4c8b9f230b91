import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { workspaceDb } from "@/lib/data/db";
import { listLiveSignIns } from "@/lib/data/sign-ins";

/** How soon the end of a session is noticed at most, with the time the question takes. */
const LOOK_EVERY_MS = 1_500;

type Watch = { readonly workspaceId: WorkspaceId; readonly signInId: string; readonly onEnd: () => void };

const watches = new Set<Watch>();
let timer: NodeJS.Timeout | null = null;
let looking = false;

/** Calls back once when a session has ended or its member may no longer be here. @returns how to stop watching */
export function watchSignIn(workspaceId: WorkspaceId, signInId: string, onEnd: () => void): () => void {
  const watch = { workspaceId, signInId, onEnd };
  watches.add(watch);
  timer ??= setInterval(() => void look(), LOOK_EVERY_MS);
  return () => {
    watches.delete(watch);
    if (watches.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** One question a workspace, however many listen. */
async function look(): Promise<void> {
  if (looking) return;
  looking = true;
  try {
    for (const workspaceId of new Set([...watches].map((watch) => watch.workspaceId))) {
      const mine = [...watches].filter((watch) => watch.workspaceId === workspaceId);
      const ids = [...new Set(mine.map((watch) => watch.signInId))];
      const live = new Set(await listLiveSignIns(workspaceDb(workspaceId), workspaceId, ids));
      for (const watch of mine) {
        if (live.has(watch.signInId)) continue;
        watches.delete(watch);
        watch.onEnd();
      }
    }
  } catch {
    // The database is away: no event can be read either, and the next look asks again.
  } finally {
    looking = false;
  }
}
