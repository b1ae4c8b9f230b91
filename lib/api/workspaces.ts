import { z } from "zod";

import { ResumeStopForm } from "@/lib/core/workspaces/forms";
import { CreateMemberInput, CreateTokenInput } from "@/lib/core/workspaces/schema";
import { ChangeSettingsInput, WorkspaceSettings } from "@/lib/core/workspaces/settings";
import { ConfirmRecoveryInput, RequestStopInput, Stage } from "@/lib/core/workspaces/stop";
import { confirmRecovery } from "@/lib/services/stops/confirm-recovery";
import { requestStop } from "@/lib/services/stops/request-stop";
import { resumeStop } from "@/lib/services/stops/resume-stop";
import { listStops } from "@/lib/services/stops/list-stops";
import { changeSettings } from "@/lib/services/workspaces/change-settings";
import { createMember } from "@/lib/services/workspaces/create-member";
import { createToken } from "@/lib/services/workspaces/create-token";
import { listMembers } from "@/lib/services/workspaces/list-members";
import { showSettings } from "@/lib/services/workspaces/show-settings";

import { created, ok, operation } from "./declare";

const Resumed = z.object({
  stop_id: z.uuid(),
  state: z.enum(["needs_second_person", "resumed"]),
  resumed: z.boolean(),
  stage: Stage,
});

export const workspaceOperations = [
  operation({
    method: "get",
    path: "/api/v1/members",
    summary: "List the people of the workspace",
    tag: "workspace",
    as: "member",
    answers: { 200: { description: "Everyone." } },
    run: async (ctx) => ok(await listMembers(ctx)),
  }),
  operation({
    method: "post",
    path: "/api/v1/members",
    summary: "Add a person; their personal token is in the answer and never shown again",
    tag: "workspace",
    as: "member",
    body: CreateMemberInput,
    answers: {
      201: { description: "Added.", schema: z.object({ member_id: z.uuid(), email: z.string(), token: z.string() }) },
    },
    run: async (ctx, { body }) => created(await createMember(ctx, body)),
  }),
  operation({
    method: "post",
    path: "/api/v1/tokens",
    summary: "Make a personal token, shown once",
    tag: "workspace",
    as: "member",
    body: CreateTokenInput,
    answers: { 201: { description: "Made.", schema: z.object({ token: z.string() }).loose() } },
    run: async (ctx, { body }) => created(await createToken(ctx, body)),
  }),
  operation({
    method: "get",
    path: "/api/v1/settings",
    summary: "Show the workspace's settings",
    tag: "workspace",
    as: "member",
    answers: { 200: { description: "All of them.", schema: WorkspaceSettings } },
    run: async (ctx) => ok(await showSettings(ctx)),
  }),
  operation({
    method: "patch",
    path: "/api/v1/settings",
    summary: "Change some of the workspace's settings",
    tag: "workspace",
    as: "member",
    body: ChangeSettingsInput,
    answers: { 200: { description: "All of them, as they are now.", schema: WorkspaceSettings } },
    run: async (ctx, { body }) => ok(await changeSettings(ctx, body)),
  }),
  operation({
    method: "get",
    path: "/api/v1/stops",
    summary: "List stops, open ones first",
    tag: "stops",
    as: "member",
    answers: { 200: { description: "The latest stops." } },
    run: async (ctx) => ok(await listStops(ctx)),
  }),
  operation({
    method: "post",
    path: "/api/v1/stops",
    summary: "Stop the workspace, an agent or a run",
    tag: "stops",
    as: "member",
    body: RequestStopInput,
    answers: {
      201: {
        description: "Confirmed: no decision can be made any more that does not see it.",
        schema: z.object({ stop_id: z.uuid(), confirmed_at: z.string() }),
      },
    },
    run: async (ctx, { body }) => created(await requestStop(ctx, body)),
  }),
  operation({
    method: "delete",
    path: "/api/v1/stops/{id}",
    summary: "Consent to end a stop; the second person's consent ends it",
    tag: "stops",
    as: "member",
    params: z.strictObject({ id: z.uuid() }),
    query: ResumeStopForm.omit({ stop_id: true }),
    answers: {
      200: {
        description:
          "Resumed. A workspace comes back with tools that read; confirm the rest with `/api/v1/stops/recovery`.",
        schema: Resumed,
      },
      202: { description: "Consent kept; a second person has to consent as well.", schema: Resumed },
    },
    run: async (ctx, { params, query }) => {
      const answer = await resumeStop(ctx, { ...query, stop_id: params.id });
      return { status: answer.resumed ? 200 : 202, body: answer };
    },
  }),
  operation({
    method: "post",
    path: "/api/v1/stops/recovery",
    summary: "Confirm that a workspace which comes back from a stop may do everything again",
    tag: "stops",
    as: "member",
    body: ConfirmRecoveryInput,
    answers: { 200: { description: "It runs.", schema: z.object({ stage: Stage }).loose() } },
    run: async (ctx, { body }) => ok(await confirmRecovery(ctx, body)),
  }),
];
