import { randomUUID } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { WorkspaceId } from "@/lib/core/shared/brand";
import { EmailAddress } from "@/lib/core/shared/names";
import { anyone, decisionPool, workspaceDb } from "@/lib/data/db";
import { env } from "@/lib/platform/env";
import { closeDecisions } from "@/lib/services/decisions/decision-batches";
import { bootstrapWorkspace } from "@/lib/services/workspaces/bootstrap-workspace";
import { listWorkspaces } from "@/lib/services/workspaces/list-workspaces";

import { fillDemo } from "./demo/fill";
import { stopRestored } from "./restored";

// Runs once after the migrations: an empty database gets its first administrator and, unless DEMO=0, the demo workspace.
// Tells the launcher on standard output, as one line of JSON, what to show.
async function setUp(): Promise<object> {
  if ((await listWorkspaces()).length > 0) {
    const restored = await stopRestored();
    if (restored > 0)
      process.stderr.write(
        "The database is a restored copy: it lacks what this data directory has seen. It starts stopped; two people have to resume it.\n",
      );
    return { created: false, demo: env.DEMO };
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
    },
  );
  const { email, password, token } = account;
  if (!env.DEMO) return { created: true, email, password, token, demo: false };
  process.stderr.write("Filling the demo workspace.\n");
  return { created: true, email, password, token, demo: true, second: await fillDemo(account) };
}

process.stdout.write(`${JSON.stringify(await setUp())}\n`);
await Promise.all([anyone.$disconnect(), decisionPool.end(), closeDecisions()]);
