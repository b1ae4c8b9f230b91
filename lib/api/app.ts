import { Hono } from "hono";

import { VERSION } from "@/lib/platform/version";

import { serveAccess } from "./access";
import { serveHealth } from "./health";
import { openApi } from "./openapi";
import { INGEST_PATHS } from "./ingest-paths";
import { latency } from "./latency";
import { operations } from "./operations";
import { HttpRefusal } from "./refusal";
import { jsonReply, problem, responseOf } from "./respond";
import { serve } from "./serve";
import { serveSlack } from "./slack";
import { serveVerifier } from "./verifier";

/** The public API as one application, without a socket. */
export function createApp(state: { readonly draining: boolean }): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    const end = latency.startTimer();
    await next();
    end({ method: c.req.method, route: c.req.routePath, status: String(c.res.status) });
  });
  // A HEAD is answered as its GET without the body, which nobody reads: what makes it must hear that it may stop.
  app.use(async (c, next) => {
    await next();
    if (c.req.raw.method === "HEAD") await c.res.body?.cancel();
  });
  serveHealth(app, state);
  // Written once: it takes as long as many decisions.
  const description = jsonReply(200, openApi(operations, VERSION, INGEST_PATHS));
  app.get("/api/openapi.json", () => responseOf(description));
  serveAccess(app);
  serveVerifier(app);
  serveSlack(app);
  serve(app, operations);
  app.notFound((c) => problem(new HttpRefusal(404, "no_such_path", `There is no ${c.req.method} ${c.req.path}.`), "-"));
  app.onError((error) => problem(error, "-"));
  return app;
}
