"use server";

import { revalidatePath } from "next/cache";

import { paths } from "@/lib/core/shared/paths";
import { DisableMemberInput } from "@/lib/core/workspaces/forms";
import { LinkMembersInput, UnlinkMemberInput } from "@/lib/core/workspaces/person";
import { ChangeRolesInput, InviteMemberInput, MemberInput } from "@/lib/core/workspaces/schema";
import { changeRoles } from "@/lib/services/people/change-roles";
import { confirmMember } from "@/lib/services/people/confirm-member";
import { inviteAgain, inviteMember } from "@/lib/services/people/invite-member";
import { linkMembers, unlinkMember } from "@/lib/services/people/link-members";
import { resetStepUp } from "@/lib/services/step-up/remove";
import { disableMember } from "@/lib/services/workspaces/disable-member";
import { action } from "@/lib/web/action";

// The page is not drawn again while the link is on it: it is shown nowhere else.
export const inviteMemberAction = action(InviteMemberInput, (ctx, input) => inviteMember(ctx, input));

export const inviteAgainAction = action(MemberInput, (ctx, input) => inviteAgain(ctx, input));

export const confirmMemberAction = action(MemberInput, async (ctx, input) => {
  await confirmMember(ctx, input);
  revalidatePath(paths.people());
});

export const changeRolesAction = action(ChangeRolesInput, async (ctx, input) => {
  await changeRoles(ctx, input);
  revalidatePath(paths.people());
});

export const disableMemberAction = action(DisableMemberInput, async (ctx, input) => {
  await disableMember(ctx, input);
  revalidatePath(paths.people());
});

export const resetStepUpAction = action(DisableMemberInput, async (ctx, input) => {
  await resetStepUp(ctx, input);
  revalidatePath(paths.people());
});

export const linkMembersAction = action(LinkMembersInput, async (ctx, input) => {
  await linkMembers(ctx, input);
  revalidatePath(paths.people());
});

export const unlinkMemberAction = action(UnlinkMemberInput, async (ctx, input) => {
  await unlinkMember(ctx, input);
  revalidatePath(paths.people());
});
