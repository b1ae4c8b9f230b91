import "server-only";

import { createTransport } from "nodemailer";

/** The mail server, by its address: `smtp://user:secret@host:587` or `smtps://…`. */
export type MailServer = {
  readonly url: string;
  readonly from: string;
  /** Also without TLS, because the operator said so. */
  readonly allowPlain: boolean;
};

export type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same however often it is sent, so that a mailbox can tell a repeated one. */
  readonly messageId: string;
  /** The first message of its thread, for what follows. */
  readonly inReplyTo: string | null;
};

/** `final`: the server will never take this message. A refused sign-in is not, because it can be mended. */
export type MailAnswer =
  | { readonly ok: true; readonly answer: string }
  | { readonly ok: false; readonly error: string; readonly final: boolean };

const TIMEOUT_MS = 10_000;

/** Hands one message to the mail server. Never throws: what went wrong is the answer. */
export async function sendMail({ url, from, allowPlain }: MailServer, mail: Mail): Promise<MailAnswer> {
  const { to, subject, text, messageId, inReplyTo } = mail;
  if (/[\r\n]/.test(`${to}${subject}${messageId}${inReplyTo ?? ""}`))
    return { ok: false, error: "a header holds a line break", final: true };
  const transport = createTransport({
    ...serverOf(url),
    requireTLS: !allowPlain,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const sent = await transport.sendMail({
      from,
      // As an object, so that no text of ours is ever read as a list of addresses.
      to: { name: "", address: to },
      subject,
      text,
      messageId,
      headers: { "Auto-Submitted": "auto-generated" },
      ...(inReplyTo !== null && { inReplyTo, references: [inReplyTo] }),
    });
    return { ok: true, answer: sent.response };
  } catch (error) {
    return refusalOf(error);
  } finally {
    transport.close();
  }
}

/** Part by part: given whole, the address would take the place of every other option, TLS and time-outs among them. */
function serverOf(url: string) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === "smtps:";
  const auth =
    username === "" ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } };
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || (secure ? 465 : 587), secure, ...auth };
}

/** A server says in its own words what is wrong; they are kept short, and a password is never among them. */
function refusalOf(error: unknown): MailAnswer {
  const {
    code = "",
    responseCode = 0,
    message = "",
  } = error as {
    code?: string;
    responseCode?: number;
    message?: string;
  };
  if (code === "EAUTH") return { ok: false, error: "the mail server refused the sign-in", final: false };
  if (code === "ETLS") return { ok: false, error: "the mail server offers no TLS we trust", final: false };
  if (responseCode >= 400) {
    const words = message.replace(/[\p{Cc}]+/gu, " ").slice(0, 160);
    return { ok: false, error: `the mail server answered ${responseCode}: ${words}`, final: responseCode >= 500 };
  }
  return { ok: false, error: "the mail server did not answer", final: false };
}
