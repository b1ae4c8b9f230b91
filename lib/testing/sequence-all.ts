import { anyone } from "@/lib/data/db";
import { listWorkspaces } from "@/lib/services/workspaces/list-workspaces";

import { sequence } from "./invariants";

// A program of its own, for a database that is not the test's: what the ledger's job would do, once.
for (const workspaceId of await listWorkspaces()) await sequence(workspaceId);
await anyone.$disconnect();
process.exit(0);
