import { randomUUID } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { WorkspaceId } from "@/lib/core/shared/brand";
import { EmailAddress } from "@/lib/core/shared/names";
import { anyone, hintPool, workspaceDb } from "@/lib/data/db";
import { env } from "@/lib/platform/env";
import { closeDecisions } from "@/lib/services/decisions/decision-batches";
import { renewSetUpLinks, type SetUpLink } from "@/lib/services/people/renew-set-up-links";
import { setCoolingOff } from "@/lib/services/people/set-cooling-off";
import { closeStores } from "@/lib/services/traces/stores";
import { bootstrapWorkspace } from "@/lib/services/workspaces/bootstrap-workspace";
import { listWorkspaces } from "@/lib/services/workspaces/list-workspaces";

import { fillDemo } from "./demo/fill";
import { stopRestored } from "./restored";

// Runs once after the migrations: an empty database gets its first administrator and, unless DEMO=0, the demo workspace.
// Tells the launcher on standard output, as one line of JSON, what to show.
async function setUp(): Promise<object> {
  const known = await listWorkspaces();
  if (known.length > 0) {
    const restored = await stopRestored();
    if (restored > 0)
      process.stderr.write(
        "The database is a restored copy: it lacks what this data directory has seen. It starts stopped; two people have to resume it.\n",
      );
    return { created: false, demo: env.DEMO, links: await keepPeople(known) };
  }
  const workspaceId = WorkspaceId.parse(uuidv7());
  const account = await bootstrapWorkspace(
    {
      workspaceId,
      actor: { kind: "system", job: "workspace.bootstrap" },
      requestId: randomUUID(),
      now: new Date(),
      db: workspaceDb(workspaceId),
    },
    {
      email: EmailAddress.parse(env.INTERLOCK_BOOTSTRAP_EMAIL ?? "admin@example.com"),
      password: env.INTERLOCK_BOOTSTRAP_PASSWORD ?? null,
      token: env.INTERLOCK_BOOTSTRAP_TOKEN ?? null,
      demo: env.DEMO,
      second: env.INTERLOCK_BOOTSTRAP_SECOND_EMAIL ? EmailAddress.parse(env.INTERLOCK_BOOTSTRAP_SECOND_EMAIL) : null,
      coolingOffHours: env.INTERLOCK_COOLING_OFF_HOURS,
    },
  );
  const { email, password, token, links } = account;
  if (!env.DEMO) return { created: true, email, password, token, links, demo: false };
  process.stderr.write("Filling the demo workspace.\n");
  // Two people can try a demonstration together: the second is the operator's own choice, or one of its cast.
  const second = await fillDemo(account, links.length === 0);
  return { created: true, email, password, token, links, demo: true, ...(second && { second }) };
}

/** What the operator has set about people since the last start, and links of those who have not used theirs yet. */
async function keepPeople(workspaces: readonly WorkspaceId[]): Promise<readonly SetUpLink[]> {
  const links: SetUpLink[] = [];
  for (const workspaceId of workspaces) {
    const actor = { kind: "system", job: "workspace.start" } as const;
    const ctx = { workspaceId, actor, requestId: randomUUID(), now: new Date(), db: workspaceDb(workspaceId) };
    await setCoolingOff(ctx, env.INTERLOCK_COOLING_OFF_HOURS);
    links.push(...(await renewSetUpLinks(ctx)));
  }
  return links;
}

process.stdout.write(`${JSON.stringify(await setUp())}\n`);
await Promise.all([anyone.$disconnect(), hintPool.end(), closeStores(), closeDecisions()]);
