"use server";

import { revalidatePath } from "next/cache";

import { SetRedactionForm, TryRedactionForm } from "@/lib/core/redaction/settings";
import { paths } from "@/lib/core/shared/paths";
import { setRedaction } from "@/lib/services/redaction/set-redaction";
import { tryRedaction } from "@/lib/services/redaction/try-redaction";
import { action } from "@/lib/web/action";

export const setRedactionAction = action(SetRedactionForm, async (ctx, input) => {
  await setRedaction(ctx, input);
  revalidatePath(paths.redaction());
});

export const tryRedactionAction = action(TryRedactionForm, (ctx, input) => tryRedaction(ctx, input));
