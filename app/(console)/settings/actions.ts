"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";

import { paths } from "@/lib/core/shared/paths";
import { CreateMemberInput, CreateTokenInput } from "@/lib/core/workspaces/schema";
import { createMember } from "@/lib/services/workspaces/create-member";
import { createToken } from "@/lib/services/workspaces/create-token";
import { disableMember } from "@/lib/services/workspaces/disable-member";
import { revokeToken } from "@/lib/services/workspaces/revoke-token";
import { action } from "@/lib/web/action";

// A form sends an empty text where the API leaves a field out, and digits where it sends a number.
const MemberForm = z.preprocess(withoutEmptyPassword, CreateMemberInput);
const TokenForm = CreateTokenInput.omit({ member: true }).extend({ days: z.coerce.number().int().min(1).max(365) });

function withoutEmptyPassword(fields: unknown): unknown {
  if (typeof fields !== "object" || fields === null || !("password" in fields) || fields.password !== "") return fields;
  const { password: _empty, ...rest } = fields;
  return rest;
}

export const createMemberAction = action(MemberForm, async (ctx, input) => {
  const created = await createMember(ctx, input);
  revalidatePath(paths.settings());
  return created;
});

export const disableMemberAction = action(z.strictObject({ member: z.uuid() }), async (ctx, input) => {
  await disableMember(ctx, input);
  revalidatePath(paths.settings());
});

export const createTokenAction = action(TokenForm, async (ctx, input) => {
  const created = await createToken(ctx, input);
  revalidatePath(paths.settings());
  return created;
});

export const revokeTokenAction = action(z.strictObject({ tokenId: z.uuid() }), async (ctx, input) => {
  await revokeToken(ctx, input);
  revalidatePath(paths.settings());
});
