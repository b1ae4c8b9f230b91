import type { Hono } from "hono";

import { AppError } from "@/lib/core/shared/errors";
import { answerSlack } from "@/lib/services/notifications/answer-slack";

import { exchangeOf } from "./exchange";
import { json, problem } from "./respond";

/**
 * Where Slack sends what people do in it: buttons and the command that links an account. The bytes are kept as they came,
 * because they are what is signed. Only POST: looking at an address never changes anything.
 */
export function serveSlack(app: Hono): void {
  app.post("/api/v1/slack/interactions", async (c) => {
    const exchange = exchangeOf(c.req.raw);
    try {
      const timestamp = exchange.header("x-slack-request-timestamp");
      const signature = exchange.header("x-slack-signature");
      if (timestamp === null || signature === null)
        throw new AppError("unauthenticated", "This was not signed by Slack for us.", { reason: "slack_signature" });
      const body = await exchange.bytes();
      const { text } = await answerSlack({ timestamp, signature, body }, { now: new Date() });
      return text === null ? new Response(null, { status: 200 }) : json(200, { response_type: "ephemeral", text });
    } catch (error) {
      return problem(error, "-");
    }
  });
}
