import { randomBytes } from "node:crypto";
import http from "node:http";

import { MOST_INVOICE_BYTES } from "@/lib/core/invoices/schema";
import { PAGE_METHODS, refusePageRequest } from "@/lib/core/shared/page-request";
import { paths } from "@/lib/core/shared/paths";
import { isSameOrigin } from "@/lib/core/shared/same-origin";
import { env } from "@/lib/platform/env";
import { readSessionToken } from "@/lib/platform/session-token";

import { bodyOf } from "./exchange";
import { requireReadable } from "./page-change";
import { cutShort, HttpRefusal, MAX_BODY_BYTES, tooLarge } from "./refusal";

/** Paths the API answers itself; everything else is a page. */
export const isApiPath = (url: string): boolean =>
  /^\/(api\/(v1|openapi\.json)|v1|access|mcp|livez|readyz|healthz|version|metrics|verify\.mjs|\.well-known\/authzen-configuration)(\/|\?|$)/.test(
    url,
  );

// Nothing a client sends may choose a route inside, pretend to be the proxy or skip a check.
const DROPPED =
  /^(x-middleware|x-forwarded|x-real-ip|x-invoke|x-matched|x-nextjs-data|x-original|forwarded$|content-security-policy|connection$|keep-alive$|proxy-|te$|trailer$|transfer-encoding$|content-length$|upgrade$)/;

/** What the other fields of a form and its boundaries may add to a file. */
const FORM_ROOM = 64 * 1024;

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

/** Passes a page request to Next, with our headers on the way in and on the way out. */
export function passToPages(request: http.IncomingMessage, response: http.ServerResponse): void {
  if (!env.WEB_ORIGIN) return refuse(response, 404, "This process serves no pages.");
  const refusal = refusePageRequest(request.method, request.url);
  if (refusal) return refuse(response, refusal.status, refusal.sentence);
  if (isRead(request)) return pass(request, response, env.WEB_ORIGIN, null);
  if (!isOurOwnPage(request)) return refuse(response, 403, "Changes are taken from our own pages only.");
  void passChange(request, response, env.WEB_ORIGIN);
}

/** Read whole before the pages hear of it: their connections are few, and a slow sender must not hold one. */
async function passChange(request: http.IncomingMessage, response: http.ServerResponse, web: string): Promise<void> {
  try {
    const most = await mostBytes(request);
    if (Number(request.headers["content-length"] ?? 0) > most) throw tooLarge(most);
    const body = await bodyOf(request, most);
    await requireReadable(request, body);
    pass(request, response, web, body);
  } catch (error) {
    const { status, message } = error instanceof HttpRefusal ? error : cutShort();
    refuse(response, status, message);
  }
}

/** Only who is signed in may send a file of an invoice, and only where one is taken. */
async function mostBytes({ url = "", headers }: http.IncomingMessage): Promise<number> {
  if (!isInvoicesPage(url)) return MAX_BODY_BYTES;
  return (await readSessionToken(headers.cookie ?? "")) === null ? MAX_BODY_BYTES : MOST_INVOICE_BYTES + FORM_ROOM;
}

const isInvoicesPage = (url: string): boolean => url.split("?", 1)[0] === paths.invoices();

const isRead = (request: http.IncomingMessage): boolean => request.method === "GET" || request.method === "HEAD";

/** next-auth has a token of its own against forged requests; everything else that changes something must come from us. */
function isOurOwnPage(request: http.IncomingMessage): boolean {
  if (request.url?.startsWith("/api/auth/")) return true;
  const { origin = null, host = null } = request.headers;
  const site = request.headers["sec-fetch-site"];
  return isSameOrigin({ secFetchSite: typeof site === "string" ? site : null, origin, host });
}

/** `body` is null for a request that only reads; such a one may be sent again. */
function pass(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  web: string,
  body: Uint8Array | null,
  mayRetry = body === null,
): void {
  const nonce = randomBytes(16).toString("base64");
  const policy = contentPolicy(nonce);
  const secure = env.PUBLIC_URL.startsWith("https:");
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !DROPPED.test(name)));
  const upstream = http.request(
    new URL(web),
    {
      agent,
      method: request.method,
      path: request.url,
      headers: {
        ...headers,
        "content-security-policy": policy, // Next takes the nonce of its own scripts from here
        "x-forwarded-host": request.headers.host ?? "",
        "x-forwarded-proto": secure ? "https" : "http",
        "x-forwarded-for": addressOf(request),
        "x-interlock-path": request.url ?? "/", // where to come back to after signing in
        ...(body !== null && { "content-length": body.byteLength }),
      },
    },
    (answer) => {
      const { "x-powered-by": _framework, connection: _connection, "keep-alive": _keepAlive, ...kept } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, { ...kept, ...securityHeaders(policy, secure, request.url ?? "") });
      answer.pipe(response);
    },
  );
  upstream.on("error", () => {
    // A kept connection that Next closed just as it was used again: nothing was read, so a read may go once more.
    if (mayRetry && upstream.reusedSocket && !response.headersSent) pass(request, response, web, body, false);
    else refuse(response, 502, "The pages are starting or away. Try again in a moment.");
  });
  response.on("close", () => upstream.destroy());
  upstream.end(body ?? undefined);
}

/** Where a request came from: behind a trusted proxy the address that proxy saw, else the socket's own. */
function addressOf(request: http.IncomingMessage): string {
  const forwarded = String(request.headers["x-forwarded-for"] ?? "");
  const claimed = env.TRUST_PROXY ? forwarded.split(",").at(-1)?.trim() : "";
  return claimed || request.socket.remoteAddress || "";
}

function contentPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function securityHeaders(policy: string, secure: boolean, url: string): http.OutgoingHttpHeaders {
  return {
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin", // with no-referrer a form sent before its script has loaded says Origin: null, which Next refuses
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    ...(secure && { "strict-transport-security": "max-age=31536000; includeSubDomains" }),
    ...(!url.startsWith("/_next/static/") && { "cache-control": "no-store" }),
  };
}

function refuse(response: http.ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    // What was not read will not be: the connection ends with the answer.
    ...(!response.req.complete && { connection: "close" }),
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(sentence),
    "cache-control": "no-store",
    ...(status === 405 && { allow: PAGE_METHODS.join(", ") }),
    ...(status === 502 && { "retry-after": "1" }),
  });
  response.end(sentence);
}
