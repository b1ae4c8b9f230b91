import { visibleString } from "@/lib/core/shared/visible-text";

import { momentText } from "./words";

type InvitationMail = {
  readonly name: string;
  readonly workspace: string;
  readonly url: string;
  readonly expiresAt: Date;
};

/** The message to an invited person. Names are other people's text, so they are written on one line and without controls. */
export function invitationMail({ name, workspace, url, expiresAt }: InvitationMail): {
  readonly subject: string;
  readonly text: string;
} {
  const [person, place] = [oneLine(name), oneLine(workspace)];
  return {
    subject: `Set up your account for ${place} on Interlock`,
    text: [
      `Hello ${person},`,
      "",
      `you are invited to ${place} on Interlock. Open this link to choose your password:`,
      url,
      "",
      `The link works once, until ${momentText(expiresAt)}. Do not pass it on: whoever opens it acts as you.`,
      "If you did not expect this message, ignore it.",
      "",
    ].join("\n"),
  };
}

const oneLine = (text: string): string => visibleString(text).replaceAll(/\s+/g, " ").trim();
