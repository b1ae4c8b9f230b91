import { randomUUID } from "node:crypto";

import { type APIRequestContext, expect, type Page, test } from "@playwright/test";

import { awake } from "./desk-agent";
import { secondOperator, signInAs } from "./people";
import { admin } from "./playwright.config";

// The main job, end to end, as a stranger would do it: an agent's irreversible call waits, a person sees its effect and
// decides, it runs at most once.

const person = { authorization: `Bearer ${admin.token}` };

const MANIFEST = (id: string) => `agent:
  id: "${id}"
  identity: "support-agent@company.iam"
tools:
  allowed:
    - name: "read_customer_record"
      scope: ["contact_info", "order_history"]
    - name: "update_ticket_status"
      constraints:
        allowed_statuses: ["open", "in-progress", "closed"]
    - name: "send_customer_email"
      requires_approval: true
      approval_timeout_seconds: 300
      auto_deny_on_timeout: true
  blocked:
    - "delete_customer_record"
    - "bulk_send_email"
    - "access_payment_raw"
execution:
  max_steps: 20
  max_wall_clock_seconds: 90
  max_cost_usd: 1.50
  on_budget_exceeded: "halt_and_escalate"
`;

const signIn = (page: Page) => signInAs(page, admin);

async function registered(request: APIRequestContext): Promise<{ id: string; key: string }> {
  const id = `customer-support-${randomUUID().slice(0, 8)}`;
  const data = {
    id,
    task: "Answer support tickets.",
    dri: "dana.ortiz@demo.example",
    environment: "production",
    level: 3,
    manifest: MANIFEST(id),
  };
  const answer = await request.post("/api/v1/agents", { headers: person, data });
  expect(answer.status()).toBe(201);
  return { id, key: (await answer.json()).key };
}

function caller(request: APIRequestContext, key: string) {
  const at = { session_id: `s-${randomUUID().slice(0, 8)}`, run_id: "r-1" };
  return async (call: object) => {
    const answer = await request.post("/api/v1/decisions", {
      headers: { authorization: `Bearer ${key}` },
      data: { ...at, ...call },
    });
    expect(answer.status()).toBe(200);
    return answer.json();
  };
}

const email = {
  tool: "send_customer_email",
  args: { to: "a@example.com", template: "refund" },
  effect: { kind: "text", before: "", after: "Dear Ada,\n\nyour refund of $12.40 is on its way.\n\nThe support team" },
  rationale: { goal: "Tell the customer.", reasoning: "The refund was issued." },
};

test("the example answers as printed: allowed, blocked, unknown, over a constraint", async ({ request }) => {
  const { key } = await registered(request);
  const decide = caller(request, key);
  expect(await decide({ tool: "read_customer_record", args: { customer_id: "C-1" } })).toMatchObject({
    verdict: "allow",
  });
  expect(await decide({ tool: "delete_customer_record", args: {} })).toMatchObject({
    verdict: "deny",
    rule: "tools.blocked[0]",
    reasons: [{ path: "/tools/blocked/0" }],
  });
  expect(await decide({ tool: "format_disk", args: {} })).toMatchObject({
    verdict: "deny",
    reasons: [{ code: "unknown_tool" }],
  });
  expect(await decide({ tool: "update_ticket_status", args: { status: "archived" } })).toMatchObject({
    verdict: "deny",
    reasons: [{ path: "/args/status" }],
  });
  expect(await decide(email)).toMatchObject({
    verdict: "require_approval",
    rule: "tools.allowed[2].requires_approval",
  });
});

test.describe.configure({ timeout: 90_000 });

test("an action appears on the open desk by itself, is approved there by keyboard, and runs once", async ({
  page,
  request,
}) => {
  await signIn(page);
  await page.goto("/approvals");
  const desk = page.getByRole("link", { name: /^Desk/ }).first();
  const waiting = async () => Number(/\d+/.exec((await desk.textContent()) ?? "")?.[0] ?? 0);
  const before = await waiting();
  const { key } = await registered(request);
  const decide = caller(request, key);
  const asked = await decide(email);
  await expect.poll(waiting, { timeout: 15_000 }).toBe(before + 1);

  const told = request.get(`/api/v1/approvals/${asked.approval.id}?wait=25`, {
    headers: { authorization: `Bearer ${key}` },
  });
  await page.goto(`/approvals/${asked.approval.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("SEND");
  await expect(page.getByText("your refund of $12.40").first()).toBeVisible();
  await awake(page);
  await page.keyboard.press("a");
  await page.waitForTimeout(500); // the second key is a second thought, not a bounce of the first
  await page.keyboard.press("Enter");
  expect(await (await told).json()).toMatchObject({ state: "approved" });

  const again = { ...email, approval_id: asked.approval.id };
  const changed = { ...again, args: { ...email.args, to: "b@example.com" } };
  expect(await decide(changed)).toMatchObject({ verdict: "deny", reasons: [{ code: "approval_action_mismatch" }] });
  expect(await decide(again)).toMatchObject({ verdict: "allow" });
  expect(await decide(again)).toMatchObject({ verdict: "deny", reasons: [{ code: "approval_consumed" }] });
});

test("one key denies, and the waiting agent hears it", async ({ page, request }) => {
  await signIn(page);
  const { key } = await registered(request);
  const decide = caller(request, key);
  const asked = await decide({ ...email, args: { ...email.args, to: "deny@example.com" } });
  const waiting = request.get(`/api/v1/approvals/${asked.approval.id}?wait=25`, {
    headers: { authorization: `Bearer ${key}` },
  });
  await page.goto(`/approvals/${asked.approval.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("SEND");
  await awake(page);
  await page.keyboard.press("d");
  await page.keyboard.press("1");
  expect(await (await waiting).json()).toMatchObject({ state: "denied" });
  expect(
    await decide({ ...email, args: { ...email.args, to: "deny@example.com" }, approval_id: asked.approval.id }),
  ).toMatchObject({
    verdict: "deny",
    reasons: [{ code: "approval_denied" }],
  });
});

test("stop makes every decision halt from its answer on, and the ledger shows stop and resume", async ({
  page,
  request,
}) => {
  await signIn(page);
  const { key } = await registered(request);
  const decide = caller(request, key);
  await page.getByRole("button", { name: /^Stop/ }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("drill of the journey test");
  await dialog.getByRole("button", { name: /^Stop/ }).click();
  await expect(page.getByText("drill of the journey test").first()).toBeVisible();
  expect(await decide({ tool: "read_customer_record", args: {} })).toMatchObject({ verdict: "halt" });

  await page.keyboard.press("Escape");
  await page
    .getByRole("button", { name: /^Resume/ })
    .first()
    .click();
  await page.getByRole("dialog").getByRole("textbox").fill("drill over");
  await page.getByRole("dialog").getByRole("button", { name: "Consent" }).click();
  await expect(page.getByRole("dialog").getByText("A second person has to consent as well")).toBeVisible();
  expect(await decide({ tool: "read_customer_record", args: {} })).toMatchObject({ verdict: "halt" });

  const { token } = await secondOperator(request);
  const { items } = await (await request.get("/api/v1/stops", { headers: person })).json();
  const second = await request.delete(`/api/v1/stops/${items[0].id}?note=agreed`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await second.json()).toMatchObject({ state: "resumed", stage: "reads_only" });
  const banner = page.getByRole("region", { name: "This workspace is recovering" });
  await expect(banner).toContainText("Only tools that read may run");
  expect(await decide({ tool: "read_customer_record", args: {} })).toMatchObject({ verdict: "allow" });
  expect(await decide({ tool: "update_ticket_status", args: { status: "open" } })).toMatchObject({
    verdict: "deny",
    reasons: [{ code: "recovering" }],
  });
  await banner.getByRole("button", { name: "Run fully…" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("reads look right");
  await page.getByRole("dialog").getByRole("button", { name: "Run fully" }).click();
  await expect(banner).toBeHidden();
  expect(await decide({ tool: "update_ticket_status", args: { status: "open" } })).not.toMatchObject({
    verdict: "deny",
  });

  await page.goto("/ledger?kind=stop.resume");
  await expect(page.getByRole("table").getByText("stop.resume").first()).toBeVisible();
});
