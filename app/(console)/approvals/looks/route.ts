import { LookInput } from "@/lib/core/approvals/schema";
import { noteLook } from "@/lib/services/approvals/note-look";
import { beat } from "@/lib/web/beat";

// No server action: those wait for one another, and a vote must never wait behind a beat.
export const POST = beat(LookInput, noteLook);
