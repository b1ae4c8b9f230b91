import NextAuth from "next-auth";

import { authOptions, TOO_MANY } from "@/lib/web/auth";

type Context = { params: Promise<{ nextauth: string[] }> };

/** next-auth's own routes; used-up attempts answer 429 instead of next-auth's 401. */
async function answer(request: Request, context: Context): Promise<Response> {
  const response: Response = await NextAuth(request as never, context as never, authOptions); // its types know only pages/api
  const told = response.headers.get("location") ?? (await response.clone().text());
  response.headers.set("cache-control", "no-store");
  if (!told.includes(`error=${TOO_MANY}`)) return response;
  return Response.json(
    {
      type: "about:blank",
      title: "Too many",
      status: 429,
      detail: "Too many attempts. Try again later.",
      code: TOO_MANY,
    },
    {
      status: 429,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store", "retry-after": "60" },
    },
  );
}

export { answer as GET, answer as POST };
