import http from "node:http";

import { getRequestListener } from "@hono/node-server";

import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { stopFollowing } from "@/lib/services/events/tail";
import { warmUp } from "@/lib/services/health/warm-up";

import { createApp } from "./app";
import { isApiPath, passToPages } from "./front";
import { answerDecide, isDecide } from "./hot";
import { answerIngest, isIngest } from "./ingest";
import { type GrpcReceiver, startGrpc } from "./otlp-grpc";
import { answerStream, isStream } from "./stream";

// The one public port: API calls are answered here, everything else is passed to the pages.
const state = { draining: false };
let grpc: GrpcReceiver | null = null;
const answer = getRequestListener(createApp(state).fetch, { overrideGlobalObjects: false });

// A request that is not here after 15 s, headers and body, is answered 408; Node looks once a second which ones are due.
const server = http.createServer(
  { requestTimeout: 15_000, headersTimeout: 15_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 16 * 1024 },
  (request, response) => {
    if (repeats(request, "authorization") || repeats(request, "host")) {
      response.writeHead(400, { "content-type": "application/problem+json" });
      response.end(
        JSON.stringify({
          type: "about:blank",
          title: "The request cannot be read",
          status: 400,
          detail: "A header is given twice.",
          code: "repeated_header",
        }),
      );
      return;
    }
    if (isDecide(request)) void answerDecide(request, response);
    else if (isIngest(request)) void answerIngest(request, response);
    else if (isStream(request)) void answerStream(request, response);
    else if (isApiPath(request.url ?? "/")) void answer(request, response);
    else passToPages(request, response);
  },
);
server.keepAliveTimeout = 65_000;
// We serve no protocol upgrades; passing one on would let a client reach inside.
server.on("upgrade", (_request, socket) => socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n"));
server.on("error", (error) => {
  log.fatal({ err: error }, "the API cannot listen");
  process.exit(1);
});

function repeats(request: http.IncomingMessage, name: string): boolean {
  return request.rawHeaders.filter((header, index) => index % 2 === 0 && header.toLowerCase() === name).length > 1;
}

let ending = false;
function drain(): void {
  if (ending) return;
  ending = true;
  state.draining = true;
  const force = setTimeout(() => process.exit(0), 9_000);
  force.unref();
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  grpc?.close();
  void stopFollowing();
  // Streams and long polls never end by themselves.
  setTimeout(() => server.closeAllConnections(), 2_000).unref();
}
process.on("SIGTERM", drain);
process.on("SIGINT", drain);
process.on("unhandledRejection", (error) => log.error({ err: error }, "unhandled rejection"));

await warmUp();
grpc = await startGrpc({ port: env.OTLP_GRPC_PORT, host: env.OTLP_GRPC_HOST });
server.listen(env.PORT, () => log.info({ port: env.PORT }, "API listening"));
