import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

import { givenAgent, givenWorkspace, send, supportManifest } from "@/lib/testing/client";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

let replicas: Replicas;
let admin: string;
let key: string;
let handle: string;
let url: string;

beforeAll(async () => {
  replicas = await startReplicas(1);
  url = replicas.urls[0] ?? "";
  admin = (await givenWorkspace()).token;
  ({ key, handle } = await givenAgent(url, admin, { manifest: (name: string) => supportManifest(name) }));
}, 60_000);
afterAll(async () => {
  await replicas.stop();
});

const [TRACE, SPAN] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
const Committed = z.object({ context: z.object({ decision_id: z.uuid() }) });
const ASKED = { trace_id: TRACE, span_id: SPAN, arrived: false };

test.each([
  ["kept", `00-${TRACE}-${SPAN}-01`, ASKED],
  ["ignored when it is malformed", `00-${TRACE.toUpperCase()}-${SPAN}-01`, null],
  ["ignored when it names a trace of zeros", `00-${"0".repeat(32)}-${SPAN}-01`, null],
])("traceparent on a decision is %s, whatever is decided", async (_what, traceparent, asked) => {
  for (const [tool, verdict] of [
    ["read_customer_record", "allow"],
    ["delete_customer_record", "deny"],
  ]) {
    const call = { session_id: "s-1", run_id: "r-1", tool, args: { customer_id: "C-1" } };
    const made = await send(url, "/api/v1/decisions", key, call, { headers: { traceparent } });
    expect(made).toMatchObject({ status: 200, body: { verdict } });
    const shown = await send(url, `/api/v1/decisions/${String(made.body["decision_id"])}`, admin);
    expect(shown.body["asked_from"]).toEqual(asked);
  }
});

test("a decision that an AuthZEN evaluation commits keeps it too", async () => {
  const question = {
    subject: { type: "agent", id: "" },
    action: { name: "read_customer_record" },
    resource: { type: "customer", id: "C-1" },
    context: { interlock: { session_id: "s-2", run_id: "r-2", commit: true } },
  };
  const asked = { ...question, subject: { type: "agent", id: handle } };
  const headers = { traceparent: `00-${TRACE}-${SPAN}-00` };
  const made = await send(url, "/access/v1/evaluation", key, asked, { headers });
  expect(made.status).toBe(200);
  const { context } = Committed.parse(made.body);
  const shown = await send(url, `/api/v1/decisions/${context.decision_id}`, admin);
  expect(shown.body["asked_from"]).toEqual(ASKED);
});
