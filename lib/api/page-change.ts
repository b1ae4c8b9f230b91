import type http from "node:http";

import { areActionArguments } from "@/lib/core/shared/action-arguments";

import { HttpRefusal } from "./refusal";

const unreadable = () => new HttpRefusal(400, "unreadable_form", "The form cannot be read.");

/**
 * Refuses a form or an action's arguments that cannot be read, at which the pages would fail. Whether an action takes what
 * it is sent is up to the action.
 *
 * @throws {HttpRefusal}
 */
export async function requireReadable({ headers }: http.IncomingMessage, body: Uint8Array): Promise<void> {
  const type = headers["content-type"] ?? "";
  const isAction = headers["next-action"] !== undefined;
  if (!/^multipart\/form-data\b/i.test(type)) {
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(type);
    if (isAction && !isForm && !areActionArguments(new TextDecoder().decode(body), () => null)) throw unreadable();
    return;
  }
  const form = await new Response(Buffer.from(body), { headers: { "content-type": type } })
    .formData()
    .catch(() => null);
  if (form === null) throw unreadable();
  const textOf = (name: string): string | null => {
    const field = form.get(name);
    return typeof field === "string" ? field : null;
  };
  if (isAction && !areActionArguments(textOf("0"), textOf)) throw unreadable();
  for (const name of new Set(form.keys())) {
    const prefix = /^\$ACTION_REF_(.*)$/.exec(name)?.[1];
    if (prefix === undefined) continue;
    const partOf = (id: string) => textOf(`$ACTION_${prefix}:${id}`);
    if (!areActionArguments(`[${partOf("0") ?? ""}]`, partOf)) throw unreadable();
  }
}
