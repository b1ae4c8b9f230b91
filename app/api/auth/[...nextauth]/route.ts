import NextAuth from "next-auth";
import { cookies } from "next/headers";

import { authOptions, CALLBACK_COOKIE, isReadableAddress, TOO_MANY } from "@/lib/web/auth";

type Context = { params: Promise<{ nextauth: string[] }> };

/** next-auth's own routes; used-up attempts answer 429 instead of next-auth's 401. */
async function answer(request: Request, context: Context): Promise<Response> {
  // next-auth takes an address it cannot read for a fault of its configuration, and answers 500.
  const wanted = new URL(request.url).searchParams.getAll("callbackUrl");
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

function refused(status: 400 | 429, code: string, detail: string, headers: Record<string, string> = {}): Response {
  const title = status === 429 ? "Too many" : "The request cannot be read";
  return Response.json(
    { type: "about:blank", title, status, detail, code },
    { status, headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers } },
  );
}

export { answer as GET, answer as POST };
