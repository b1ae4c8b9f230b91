"use server";

import { revalidatePath } from "next/cache";

import { PriceOverrideForm } from "@/lib/core/costs/forms";
import { RepriceForm } from "@/lib/core/costs/reprice";
import { RemovePriceOverrideInput } from "@/lib/core/costs/shown";
import { paths } from "@/lib/core/shared/paths";
import { removePriceOverride } from "@/lib/services/prices/remove-price-override";
import { setPriceOverride } from "@/lib/services/prices/set-price-override";
import { startRepricing } from "@/lib/services/prices/start-repricing";
import { action } from "@/lib/web/action";

export const setPriceOverrideAction = action(PriceOverrideForm, async (ctx, input) => {
  await setPriceOverride(ctx, input);
  revalidatePath(paths.prices());
});

export const removePriceOverrideAction = action(RemovePriceOverrideInput, async (ctx, input) => {
  await removePriceOverride(ctx, input);
  revalidatePath(paths.prices());
});

export const startRepricingAction = action(RepriceForm, async (ctx, input) => {
  await startRepricing(ctx, input);
  revalidatePath(paths.prices());
});
