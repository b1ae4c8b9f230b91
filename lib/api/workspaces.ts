import { z } from "zod";

import { cursorId } from "@/lib/core/shared/page";
import { ResumeStopForm } from "@/lib/core/workspaces/forms";
import {
  AcceptInvitationInput,
  ChangeRolesInput,
  CreateTokenInput,
  InviteMemberInput,
} from "@/lib/core/workspaces/schema";
import { ChangeSettingsInput, WorkspaceSettings } from "@/lib/core/workspaces/settings";
import { ConfirmRecoveryInput, RequestStopInput, Stage } from "@/lib/core/workspaces/stop";
import { acceptInvitation } from "@/lib/services/people/accept-invitation";
import { changeRoles } from "@/lib/services/people/change-roles";
import { confirmMember } from "@/lib/services/people/confirm-member";
import { inviteAgain, inviteMember } from "@/lib/services/people/invite-member";
import { showPeople } from "@/lib/services/people/show-people";
import { confirmRecovery } from "@/lib/services/stops/confirm-recovery";
import { requestStop } from "@/lib/services/stops/request-stop";
import { resumeStop } from "@/lib/services/stops/resume-stop";
import { listStops } from "@/lib/services/stops/list-stops";
import { changeSettings } from "@/lib/services/workspaces/change-settings";
import { createToken } from "@/lib/services/workspaces/create-token";
import { listMembers } from "@/lib/services/workspaces/list-members";
import { showSettings } from "@/lib/services/workspaces/show-settings";

import { created, ok, operation } from "./declare";
import { PageQuery } from "./page";

const Resumed = z.object({
  stop_id: z.uuid(),
  state: z.enum(["needs_second_person", "resumed"]),
  resumed: z.boolean(),
  stage: Stage,
});

const Invited = z.object({
  member_id: z.uuid(),
  email: z.string(),
  invitation_url: z.string(),
  code: z.string(),
  expires_at: z.string(),
  mailed: z.boolean(),
});
const MemberId = z.strictObject({ id: z.uuid() });

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
    summary: "Invite a person; only the answer holds the code of the invitation",
    tag: "workspace",
    as: "member",
    body: InviteMemberInput,
    answers: { 201: { description: "Invited. They set up their account with the link.", schema: Invited } },
    run: async (ctx, { body }) => created(await inviteMember(ctx, body)),
  }),
  operation({
    method: "patch",
    path: "/api/v1/members/{id}",
    summary: "Change a member's roles; until it has cooled off the two of you count as one person",
    tag: "workspace",
    as: "member",
    params: MemberId,
    body: ChangeRolesInput.omit({ member: true }),
    answers: { 200: { description: "The roles as they are now." } },
    run: async (ctx, { params, body }) => ok(await changeRoles(ctx, { member: params.id, ...body })),
  }),
  operation({
    method: "post",
    path: "/api/v1/members/{id}/invitations",
    summary: "Make a new link for a member whose invitation expired or whose password is lost",
    tag: "workspace",
    as: "member",
    params: MemberId,
    answers: { 201: { description: "The new link; the one before stops working.", schema: Invited } },
    run: async (ctx, { params }) => created(await inviteAgain(ctx, { member: params.id })),
  }),
  operation({
    method: "post",
    path: "/api/v1/members/{id}/confirmation",
    summary: "Confirm that a person who joined is somebody else than who invited them",
    tag: "workspace",
    as: "member",
    params: MemberId,
    answers: { 200: { description: "From now on the two count as two people." } },
    run: async (ctx, { params }) => ok(await confirmMember(ctx, { member: params.id })),
  }),
  operation({
    method: "post",
    path: "/api/v1/invitations/{code}",
    summary: "Set up one's own account with an invitation; the answer holds a first personal token, shown once",
    tag: "workspace",
    as: "invited",
    params: z.strictObject({ code: z.string().max(300) }),
    body: AcceptInvitationInput,
    answers: {
      201: { description: "Joined.", schema: z.object({ member_id: z.uuid(), token: z.string() }) },
    },
    run: async (_ctx, { params, body }) => created(await acceptInvitation(params.code, body)),
  }),
  operation({
    method: "get",
    path: "/api/v1/people",
    summary: "Who could act as two people today, beside whom, and why not",
    tag: "workspace",
    as: "member",
    query: PageQuery.extend({ q: z.string().trim().max(256).optional() }),
    answers: {
      200: {
        description:
          "A page of people, oldest accounts first, with `next` as the cursor of the following one; and each thing that takes two people, counted among everybody.",
      },
    },
    run: async (ctx, { query }) =>
      ok(await showPeople(ctx, { ...query, q: query.q || undefined, cursor: cursorId(query.cursor) })),
  }),
  operation({
    method: "post",
    path: "/api/v1/tokens",
    summary: "Make a personal token for oneself, shown once",
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
      202: { description: "Consent kept; a second, independent person has to consent as well.", schema: Resumed },
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
