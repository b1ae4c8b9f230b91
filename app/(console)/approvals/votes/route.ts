import { VoteForm } from "@/lib/core/approvals/schema";
import { castVote } from "@/lib/services/approvals/cast-vote";
import { action } from "@/lib/web/action";
import { formRoute } from "@/lib/web/form-route";

// No server action: those wait while the desk is drawn again, and the first to hear of an answer is the desk.
export const POST = formRoute(action(VoteForm, (ctx, vote) => castVote(ctx, vote)));
