"use server";

import { revalidatePath } from "next/cache";

import { PreferencesForm } from "@/lib/core/notifications/person";
import { LinkSlackInput, SetRotaInput } from "@/lib/core/notifications/rota";
import {
  AddDestinationInput,
  DeliveryRef,
  DestinationRef,
  NoInput,
  SwitchDestinationInput,
} from "@/lib/core/notifications/schema";
import { paths } from "@/lib/core/shared/paths";
import type { ServiceContext } from "@/lib/services/context";
import { addDestination } from "@/lib/services/notifications/add-destination";
import { linkSlack } from "@/lib/services/notifications/link-slack";
import { makeSlackCode } from "@/lib/services/notifications/make-slack-code";
import { releaseDeliveries } from "@/lib/services/notifications/release-deliveries";
import { removeDestination } from "@/lib/services/notifications/remove-destination";
import { retryDelivery } from "@/lib/services/notifications/retry-delivery";
import { rotateSecret } from "@/lib/services/notifications/rotate-secret";
import { sendTest } from "@/lib/services/notifications/send-test";
import { setPreferences } from "@/lib/services/notifications/set-preferences";
import { setRota } from "@/lib/services/notifications/set-rota";
import { switchDestination } from "@/lib/services/notifications/switch-destination";
import { action } from "@/lib/web/action";

/** Runs one service call and has the page read again. */
function changing<Input, Result>(run: (ctx: ServiceContext, input: Input) => Promise<Result>) {
  return async (ctx: ServiceContext, input: Input): Promise<Result> => {
    const result = await run(ctx, input);
    revalidatePath(paths.notifications());
    return result;
  };
}

export const setPreferencesAction = action(PreferencesForm, changing(setPreferences));
export const setRotaAction = action(SetRotaInput, changing(setRota));
export const addDestinationAction = action(
  AddDestinationInput,
  changing((ctx, input: AddDestinationInput) => addDestination(ctx, input)),
);
export const switchDestinationAction = action(SwitchDestinationInput, changing(switchDestination));
export const removeDestinationAction = action(DestinationRef, changing(removeDestination));
export const rotateSecretAction = action(DestinationRef, changing(rotateSecret));
export const sendTestAction = action(DestinationRef, (ctx, input) => sendTest(ctx, input));
export const retryDeliveryAction = action(DeliveryRef, changing(retryDelivery));
export const linkSlackAction = action(LinkSlackInput, changing(linkSlack));
export const makeSlackCodeAction = action(NoInput, (ctx) => makeSlackCode(ctx));
export const releaseDeliveriesAction = action(NoInput, async (ctx) => {
  await releaseDeliveries(ctx);
  revalidatePath(paths.notifications());
});
