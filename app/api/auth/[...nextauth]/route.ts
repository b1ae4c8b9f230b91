import NextAuth from "next-auth";
import { cookies } from "next/headers";

import { authOptions, CALLBACK_COOKIE, isAuthRoute, isReadableAddress, TOO_MANY } from "@/lib/web/auth";
import { readAuthForm } from "@/lib/web/auth-form";

type Context = { params: Promise<{ nextauth: string[] }> };

/**
 * next-auth's own routes; used-up attempts answer 429 instead of next-auth's 401. What it would take for a fault of its
 * own and answer with 500 is refused before it sees it.
 */
async function answer(request: Request, context: Context): Promise<Response> {
  const { nextauth } = await context.params;
  if (!isAuthRoute(request.method, nextauth)) return refused(404, "no_such_path", "There is no such sign-in route.");
  const form = request.method === "POST" ? await readAuthForm(request.clone()) : {};
  if (form === null) return refused(400, "invalid_body", "The body cannot be read.");
  const wanted = [...new URL(request.url).searchParams.getAll("callbackUrl"), form["callbackUrl"] ?? ""];
  if (!wanted.every(isReadableAddress)) return refused(400, "invalid_callback_url", "`callbackUrl` is not an address.");
  const jar = await cookies();
  const kept = jar.get(CALLBACK_COOKIE)?.value;
  if (kept !== undefined && !isReadableAddress(kept)) jar.delete(CALLBACK_COOKIE);

  const response: Response = await NextAuth(request as never, context as never, authOptions); // its types know only pages/api
  const told = response.headers.get("location") ?? (await response.clone().text());
  response.headers.set("cache-control", "no-store");
  if (!told.includes(`error=${TOO_MANY}`)) return response;
  return refused(429, TOO_MANY, "Too many attempts. Try again later.", { "retry-after": "60" });
}

const TITLES = { 400: "The request cannot be read", 404: "Not found", 429: "Too many" } as const;

function refused(status: keyof typeof TITLES, code: string, detail: string, headers: Record<string, string> = {}) {
  return Response.json(
    { type: "about:blank", title: TITLES[status], status, detail, code },
    { status, headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers } },
  );
}

export { answer as GET, answer as POST };
