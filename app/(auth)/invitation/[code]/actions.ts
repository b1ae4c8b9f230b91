"use server";

import type { ActionState } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";
import { acceptAndSignIn } from "@/lib/web/credentials";

export async function acceptInvitationAction(_previous: ActionState, form: FormData): Promise<ActionState> {
  return acceptAndSignIn(form, paths.overview());
}
