import { WorkspaceId } from "@/lib/core/shared/brand";
import { workspaceDb } from "@/lib/data/db";
import { sendWeeklyReviews } from "@/lib/services/objectives/send-weekly-reviews";

// The job that sends weekly reviews, once, as a process of its own: `send-reviews.ts <workspace> <moment>`.
const [workspace, moment] = process.argv.slice(2);
const workspaceId = WorkspaceId.parse(workspace);
const { sent } = await sendWeeklyReviews({
  workspaceId,
  actor: { kind: "system", job: "test" },
  requestId: "test",
  now: new Date(moment ?? ""),
  db: workspaceDb(workspaceId),
});
process.stdout.write(String(sent), () => process.exit(0));
