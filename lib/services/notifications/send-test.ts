import "server-only";

import { v7 as uuidv7 } from "uuid";

import type { Notice } from "@/lib/core/notifications/schema";
import { AppError } from "@/lib/core/shared/errors";
import { paths } from "@/lib/core/shared/paths";
import { findDestination } from "@/lib/data/destinations";

import { requireRole, type ServiceContext } from "../context";
import { type Outside, outside } from "./outside";
import { tellDestination } from "./transmit";

/** What the other side said to a test. */
export type TestAnswer = { readonly ok: boolean; readonly answer: string };

/**
 * Sends a test now and waits for the answer, which a person wants to see. It is not tried again.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `not_found`
 */
export async function sendTest(
  ctx: ServiceContext,
  { destination }: { destination: string },
  world: Outside = outside(),
): Promise<TestAnswer> {
  requireRole(ctx, "admin");
  const to = await findDestination(ctx.db, ctx.workspaceId, destination);
  if (!to) throw new AppError("not_found", "There is no such destination.");
  const id = uuidv7();
  const notice: Notice = {
    event: "test",
    at: ctx.now.toISOString(),
    title: "A test from Interlock",
    agent: null,
    band: null,
    deadline: null,
    state: null,
    by: [],
    lines: ["It works. Nothing waits for you."],
    path: paths.notifications(),
  };
  const telling = { deliveryId: id, subject: `test:${id}`, notice, place: 0, handle: null, now: ctx.now };
  const attempt = await tellDestination(to, telling, world);
  return attempt.ok ? { ok: true, answer: ARRIVED[to.kind] } : { ok: false, answer: attempt.error };
}

const ARRIVED = {
  webhook: "The receiver took it.",
  slack: "Slack took it; it is in the channel.",
  email: "The mail server took it; look in the mailbox.",
} as const;
