import { z } from "zod";

/** next-auth uses its members as text without looking. */
const AuthForm = z.record(z.string(), z.string());

/** The members of a sign-in form, sent as a form or as JSON; null for any other body. */
export async function readAuthForm(request: Request): Promise<Readonly<Record<string, string>> | null> {
  const type = request.headers.get("content-type") ?? "";
  const text = await request.text();
  if (type.includes("application/x-www-form-urlencoded")) return Object.fromEntries(new URLSearchParams(text));
  if (!type.includes("application/json")) return text === "" ? {} : null;
  try {
    return AuthForm.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
