import "server-only";

import { sendMail } from "@/lib/clients/mail";
import { invitationMail } from "@/lib/core/people/mail";
import { findWorkspace } from "@/lib/data/workspaces";
import { log } from "@/lib/platform/log";

import type { ServiceContext } from "../context";
import { outside } from "../notifications/outside";
import type { NewLink } from "./invitation";

/**
 * Mails an invitation where a mail server is set up. The invitation stands whether or not the mail arrives: its link is
 * shown to the person who invites as well.
 *
 * @returns whether the mail server took it
 */
export async function mailInvitation(
  ctx: ServiceContext,
  whom: { readonly email: string; readonly name: string },
  link: NewLink,
): Promise<boolean> {
  const { mail } = outside();
  if (mail === null) return false;
  const workspace = await findWorkspace(ctx.db, ctx.workspaceId);
  const { subject, text } = invitationMail({ ...whom, workspace: workspace?.name ?? "Interlock", ...link });
  const messageId = `<${link.id}@${mail.from.split("@")[1] ?? "interlock"}>`;
  const answer = await sendMail(mail, { to: whom.email, subject, text, messageId, inReplyTo: null });
  if (!answer.ok) log.warn({ error: answer.error, invitation: link.id }, "an invitation was not mailed");
  return answer.ok;
}
