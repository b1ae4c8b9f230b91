"use server";

import type { ActionState } from "@/lib/core/shared/action-state";
import { ownPath } from "@/lib/core/shared/own-path";
import { paths } from "@/lib/core/shared/paths";
import { signInWithPassword } from "@/lib/web/credentials";

export async function signInAction(_previous: ActionState, form: FormData): Promise<ActionState> {
  // Whoever calls an action without its form sends what they like.
  if (!(form instanceof FormData)) return { status: "refused", code: "invalid_input", message: "The form is missing." };
  const wanted = form.get("callbackUrl");
  const path = ownPath(typeof wanted === "string" ? wanted : null);
  return signInWithPassword(form, path === "/" ? paths.overview() : path);
}
