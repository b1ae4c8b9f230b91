"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";

import { OpenIncidentForm, ResolveIncidentInput } from "@/lib/core/incidents/schema";
import { paths } from "@/lib/core/shared/paths";
import { openIncident } from "@/lib/services/incidents/open-incident";
import { resolveIncident } from "@/lib/services/incidents/resolve-incident";
import { action } from "@/lib/web/action";

export const openIncidentAction = action(OpenIncidentForm, async (ctx, input) => {
  const { incident_id } = await openIncident(ctx, input);
  redirect(paths.incident(incident_id));
});

export const resolveIncidentAction = action(ResolveIncidentInput, async (ctx, input) => {
  await resolveIncident(ctx, input);
  revalidatePath(paths.incidents(), "layout");
});
