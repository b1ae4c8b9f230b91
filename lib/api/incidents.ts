import { z } from "zod";

import { FailureClass, IncidentState, OpenIncidentInput, ResolveIncidentInput } from "@/lib/core/incidents/schema";
import { listIncidents } from "@/lib/services/incidents/list-incidents";
import { openIncident } from "@/lib/services/incidents/open-incident";
import { resolveIncident } from "@/lib/services/incidents/resolve-incident";
import { showIncident } from "@/lib/services/incidents/show-incident";

import { created, ok, operation } from "./declare";
import { Page, PageQuery } from "./page";

export const incidentOperations = [
  operation({
    method: "get",
    path: "/api/v1/incidents",
    summary: "List incidents, newest first",
    tag: "incidents",
    as: "member",
    query: PageQuery.extend({
      state: IncidentState.optional(),
      class: FailureClass.optional(),
      agent: z.string().max(100).optional(),
    }),
    answers: { 200: { description: "A page.", schema: Page } },
    run: async (ctx, { query }) => ok(await listIncidents(ctx, query)),
  }),
  operation({
    method: "get",
    path: "/api/v1/incidents/{id}",
    summary: "Show an incident: what it was, what prevents the next, who has to agree before its run goes on",
    tag: "incidents",
    as: "member",
    params: z.strictObject({ id: z.uuid() }),
    answers: { 200: { description: "The incident." } },
    run: async (ctx, { params }) => ok(await showIncident(ctx, params.id)),
  }),
  operation({
    method: "post",
    path: "/api/v1/incidents",
    summary: "Open an incident by hand",
    tag: "incidents",
    as: "member",
    body: OpenIncidentInput,
    answers: { 201: { description: "Opened.", schema: z.object({ incident_id: z.uuid() }) } },
    run: async (ctx, { body }) => created(await openIncident(ctx, body)),
  }),
  operation({
    method: "post",
    path: "/api/v1/incidents/{id}/resolve",
    summary: "Close an incident with what was found and done; a halted run stays halted",
    tag: "incidents",
    as: "member",
    params: z.strictObject({ id: z.uuid() }),
    body: ResolveIncidentInput.omit({ id: true }),
    answers: {
      200: { description: "Resolved.", schema: z.object({ incident_id: z.uuid(), state: z.literal("resolved") }) },
    },
    run: async (ctx, { params, body }) => ok(await resolveIncident(ctx, { ...body, id: params.id })),
  }),
];
