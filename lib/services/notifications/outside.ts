import "server-only";

import type { Reach } from "@/lib/clients/checked-request";
import type { MailServer } from "@/lib/clients/mail";
import { env } from "@/lib/platform/env";

/** What the operator has said about the world outside: an argument, so that a test can stand in for all of it. */
export type Outside = Reach & {
  readonly mail: MailServer | null;
  readonly slackUrl: string;
  /** Where our own pages are. */
  readonly origin: string;
};

/** The world outside as the environment says. */
export function outside(): Outside {
  const { INTERLOCK_ALLOW_PRIVATE_DESTINATIONS: allowPrivate, SMTP_URL: url, MAIL_FROM: from } = env;
  const mail = url === undefined || from === undefined ? null : { url, from, allowPlain: allowPrivate };
  return { allowPrivate, mail, slackUrl: env.SLACK_API_URL, origin: env.PUBLIC_URL };
}
