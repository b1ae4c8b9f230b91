import { type APIRequestContext, type BrowserContext, expect, type Page, test } from "@playwright/test";

import { countHidden } from "../lib/core/shared/visible-text";
import { BEACON, MARK, MARKDOWN, MARKUP, UNSEEN } from "../lib/testing/hostile/markup";
import { signInAs } from "./people";
import { admin } from "./playwright.config";

// What an agent writes is stored as it is and shown as text: here it is everything that ever ran, loaded or hid in a page.

const NAME = `hostile-${Date.now().toString(36)}`;
const asAdmin = { authorization: `Bearer ${admin.token}` };
const manifest = `agent:
  id: "${NAME}"
tools:
  allowed:
    - name: "send_hostile_mail"
      requires_approval: true
    - name: "delete_hostile_rows"
      requires_approval: true
execution:
  max_steps: 500
`;

let key = "";
let cookies: Awaited<ReturnType<BrowserContext["cookies"]>> = [];
let calls = 0;

type Asked = { readonly approvalId: string; readonly decisionId: string; readonly runName: string };

async function ask(request: APIRequestContext, tool: string, args: object, more: object = {}): Promise<Asked> {
  calls += 1;
  const runName = `${NAME} run ${calls} ${MARKUP[calls] ?? ""}`.slice(0, 200);
  const data = {
    session_id: `${NAME} ${UNSEEN[0]}`,
    run_id: runName,
    call_id: `${calls} ${MARKUP[40]}`.slice(0, 200),
    tool,
    args,
    ...more,
  };
  const response = await request.post("/api/v1/decisions", { headers: { authorization: `Bearer ${key}` }, data });
  const answer = await response.json();
  expect(answer.verdict, JSON.stringify(answer).slice(0, 500)).toBe("require_approval");
  return { approvalId: answer.approval.id, decisionId: answer.id ?? answer.decision_id, runName };
}

async function deny(request: APIRequestContext, { approvalId }: Asked, note: string): Promise<void> {
  const data = { verdict: "deny", note };
  const response = await request.post(`/api/v1/approvals/${approvalId}/votes`, { headers: asAdmin, data });
  expect(response.ok(), await response.text()).toBe(true);
}

test.beforeAll(async ({ browser, request }) => {
  const description = [...MARKUP.slice(0, 20), ...MARKDOWN.slice(0, 5), ...UNSEEN].join(" ").slice(0, 3_900);
  const tool = (name: string, blast_radius: string) => ({
    name,
    description,
    reversibility: "irreversible",
    blast_radius,
    args_schema: { type: "object" },
  });
  const tools = [tool("send_hostile_mail", "low"), tool("delete_hostile_rows", "high")];
  expect((await request.post("/api/v1/tools", { headers: asAdmin, data: tools })).ok()).toBe(true);
  const dri = `dri-${NAME}@example.com`;
  const member = { email: dri, name: `Dri ${MARKUP[3]}`.slice(0, 90), roles: ["operator"] };
  expect((await request.post("/api/v1/members", { headers: asAdmin, data: member })).ok()).toBe(true);
  const task = `${MARKUP.slice(60, 70).join(" ")} ${UNSEEN.join(" ")}`.slice(0, 1_900);
  const agent = { id: NAME, task, dri, environment: "production", level: 3, manifest };
  const response = await request.post("/api/v1/agents", { headers: asAdmin, data: agent });
  expect(response.status(), await response.text()).toBe(201);
  key = (await response.json()).key;
  // Once for all: the product counts attempts to sign in.
  const page = await browser.newPage();
  await signInAs(page, admin);
  cookies = await page.context().cookies();
  await page.close();
});

/** What a page did that it must not: asked somebody else, broke the content policy, opened a dialog, failed. */
async function watched(page: Page, baseURL: string): Promise<string[]> {
  const wrong: string[] = [];
  const own = new URL(baseURL).origin;
  page.on("request", (sent) => {
    if (new URL(sent.url()).origin !== own && !sent.url().startsWith("blob:"))
      wrong.push(`request ${sent.url().slice(0, 120)}`);
  });
  page.on("dialog", (dialog) => {
    wrong.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => wrong.push(`error ${error.message.slice(0, 200)}`));
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) wrong.push(`policy ${message.text().slice(0, 200)}`);
  });
  await page.context().addCookies(cookies);
  return wrong;
}

/** Everything of a page that is not what it should be made of, whatever was stored. */
async function foreignNodes(
  page: Page,
): Promise<{ readonly nodes: string[]; readonly texts: string[]; readonly ran: boolean }> {
  return page.evaluate((mark) => {
    const nodes: string[] = [];
    const texts: string[] = [document.title];
    const bad =
      "iframe,object,embed,video,audio,picture,img,math,marquee,base,form[action^=http],meta[http-equiv=refresh],xss,template";
    for (const node of document.body.querySelectorAll(bad)) nodes.push(node.outerHTML.slice(0, 120));
    for (const node of document.querySelectorAll("*")) {
      for (const { name, value } of node.attributes) {
        if (/^on/i.test(name) || name === "srcdoc" || name === "ping") nodes.push(`${node.tagName} ${name}`);
        if (name === "href" && !/^(?:\/|#|http:\/\/127\.0\.0\.1)/.test(value))
          nodes.push(`${node.tagName} href ${value.slice(0, 80)}`);
        if (["title", "aria-label", "alt", "placeholder", "aria-description"].includes(name)) texts.push(value);
      }
    }
    for (const script of document.scripts) {
      if (script.src !== "" && new URL(script.src).origin !== location.origin) nodes.push(`script ${script.src}`);
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      // What is being edited stands in its field as it is.
      if (node.parentElement?.closest("script,style,template,noscript,textarea") === null)
        texts.push(node.textContent ?? "");
    }
    return { nodes, texts, ran: Object.hasOwn(window, mark) };
  }, MARK);
}

async function expectInert(page: Page, wrong: readonly string[], place: string): Promise<void> {
  await page.mouse.move(300, 300);
  await page.locator("details").evaluateAll((all) => all.forEach((details) => details.setAttribute("open", "")));
  await page.waitForTimeout(200);
  const { nodes, texts, ran } = await foreignNodes(page);
  expect(ran, `${place}: something ran`).toBe(false);
  expect(nodes, `${place}: markup of somebody else's`).toEqual([]);
  const hidden = texts.filter((text) => countHidden(text) > 0).map((text) => JSON.stringify(text.slice(0, 160)));
  expect(hidden, `${place}: what is not seen is not shown either`).toEqual([]);
  expect([...new Set(wrong)], place).toEqual([]);
}

const PER_ACTION = 560;
const chunk = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => MARKUP[(from + at) % MARKUP.length] ?? "");
const keyed = (texts: readonly string[]) => Object.fromEntries(texts.map((text, at) => [`k${at}`, text]));

/** A dry run of each kind made of nothing but attacks. */
function effects(from: number): readonly object[] {
  const texts = chunk(from, 120).concat(MARKDOWN.slice(0, 20));
  const rows = texts.map((text, id) => ({
    id,
    [`c ${text}`.slice(0, 60)]: 1,
    a: text,
    b: chunk(from + 120 + id * 2, 1)[0] ?? "",
  }));
  return [
    {
      kind: "rows",
      before: rows.slice(0, 10).map(({ id, a, b }) => ({ id, a, b })),
      resource: texts[5]?.slice(0, 199),
    },
    {
      kind: "rows",
      before: rows.map(({ id, a, b }) => ({ id, a, b })),
      after: [],
      intended: { description: texts.join(" ").slice(0, 999), count: 3 },
    },
    { kind: "text", before: texts.slice(0, 60).join("\n"), after: texts.slice(40, 120).join("\n") },
    {
      kind: "json",
      before: keyed(texts.slice(0, 60)),
      after: { ...keyed(texts.slice(30, 90)), [texts[7]?.slice(0, 80) ?? "k"]: 1 },
    },
    { kind: "command", command: texts.slice(0, 40).join("\n"), output: texts.slice(40, 120).join("\n") },
    {
      kind: "config",
      format: "json",
      path: texts[9]?.slice(0, 400),
      before: JSON.stringify(keyed(texts.slice(0, 50))),
      after: JSON.stringify(keyed(texts.slice(20, 70))),
    },
  ];
}

async function askEverything(request: APIRequestContext, at: number): Promise<Asked> {
  const from = at * PER_ACTION;
  const args = {
    ...keyed(chunk(from + 360, 110)),
    hidden: UNSEEN.join(" "),
    [`key ${UNSEEN[3]}`]: 1,
    link: MARKDOWN[at],
  };
  return ask(request, at % 2 === 0 ? "send_hostile_mail" : "delete_hostile_rows", args, {
    effect: effects(from)[at],
    rationale: {
      goal: MARKUP.slice(at, at + 8)
        .join(" ")
        .slice(0, 3_900),
      reasoning: `${MARKDOWN.join(" ")} ${UNSEEN.join(" ")}`.slice(0, 19_000),
      alternatives: chunk(from + 470, 45),
    },
    context: [
      {
        source: `crm ${MARKUP[at]} ${UNSEEN[1]}`.slice(0, 200),
        as_of: new Date(Date.now() - 60_000).toISOString(),
        scope: { [`customer ${UNSEEN[4]}`]: MARKUP[at + 5] ?? "" },
        doc_ids: chunk(from + 515, 45),
      },
    ],
  });
}

test("T22: every attack string in every field an agent controls stays text on every page that shows it", async ({
  page,
  request,
  baseURL,
}) => {
  test.setTimeout(300_000);
  const wrong = await watched(page, baseURL ?? "");
  const look = async (place: string) => {
    await page.goto(place);
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    await expectInert(page, wrong, place);
  };
  let asked: Asked | null = null;
  for (let at = 0; at < 6; at += 1) {
    asked = await askEverything(request, at);
    await look(`/approvals/${asked.approvalId}`);
    await expect(page.getByText(/Hidden characters: \d+/)).toBeVisible();
    await look(`/decisions/${asked.decisionId}`);
    const run = await page.locator('a[href^="/runs/"]').first().getAttribute("href");
    if (run !== null) await look(run);
    if (at < 5) await deny(request, asked, `no ${MARKUP[at]} ${UNSEEN[0]}`);
    await look(`/approvals/${asked.approvalId}`);
  }
  const places = [
    "/approvals",
    "/approvals?state=history",
    "/decisions",
    "/runs",
    "/agents",
    `/agents/${NAME}`,
    `/agents/${NAME}/manifest`,
    "/tools",
    "/tools/edit?name=send_hostile_mail",
    "/overview",
    "/ledger",
    `/approvals?state=history&tool=${encodeURIComponent(MARKUP[0] ?? "")}`,
  ];
  for (const place of places) await look(place);
});

test("T23: no image is fetched and no link leads elsewhere from any markdown", async ({ page, request, baseURL }) => {
  const wrong = await watched(page, baseURL ?? "");
  const { approvalId } = await ask(
    request,
    "send_hostile_mail",
    { body: MARKDOWN.slice(0, 30).join("\n") },
    {
      effect: { kind: "text", before: "", after: MARKDOWN.join("\n") },
      rationale: { goal: MARKDOWN[0], reasoning: MARKDOWN.join("\n") },
    },
  );
  await page.goto(`/approvals/${approvalId}`);
  await expect(page.locator('[data-review-part="text"]')).toContainText(BEACON);
  await expectInert(page, wrong, "markdown");
  const away = await page
    .locator("a[href]")
    .evaluateAll(
      (links) => links.filter((link) => new URL((link as HTMLAnchorElement).href).origin !== location.origin).length,
    );
  expect(away).toBe(0);
});

test("T17: what will run is above the fold in our words, and the agent's summary is in no title", async ({
  page,
  request,
  baseURL,
}) => {
  await watched(page, baseURL ?? "");
  await page.setViewportSize({ width: 1440, height: 900 });
  const sql = "DELETE FROM contacts WHERE status LIKE 'e%'";
  const lie = "Only reads one row, completely safe";
  const asked = await ask(
    request,
    "delete_hostile_rows",
    { sql },
    { rationale: { goal: lie, reasoning: lie }, effect: { kind: "command", command: sql } },
  );
  await page.goto(`/approvals/${asked.approvalId}`);
  await expect(page.getByText("IRREVERSIBLE", { exact: true })).toBeInViewport();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("DELETE");
  await expect(page.locator('[data-review-part="command"]').getByText(sql, { exact: false })).toBeInViewport();
  await expect(page).not.toHaveTitle(/reads one row/);
  for (const heading of await page.getByRole("heading").all()) await expect(heading).not.toContainText(lie);
  const claim = page.locator("details").filter({ hasText: "Written by the agent. Nobody has checked it." });
  await expect(claim).not.toHaveAttribute("open");
  for (const said of await page.getByText(lie).all()) await expect(said).toBeHidden();
});

test("T18: hidden characters stand as chips, are counted, and reorder nothing", async ({ page, request, baseURL }) => {
  await watched(page, baseURL ?? "");
  const { approvalId } = await ask(request, "send_hostile_mail", { to: "transfer to al\u202Eecila\u202C" });
  await page.goto(`/approvals/${approvalId}`);
  await expect(page.getByText("Hidden characters: 2")).toBeVisible();
  const cell = page
    .getByRole("region", { name: /^Arguments/ })
    .getByRole("cell")
    .filter({ hasText: "transfer" });
  await expect(cell).toHaveText("transfer to alU+202EecilaU+202C");
  const lefts = await cell.evaluate((element) => {
    const found: number[] = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      for (let at = 0; at < (node.textContent?.length ?? 0); at += 1) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        found.push(range.getBoundingClientRect().left);
      }
    }
    return found;
  });
  expect(lefts.length).toBeGreaterThan(20);
  expect(lefts).toEqual(lefts.toSorted((a, b) => a - b));
});

test("T19: a host or name that mixes alphabets is named with what it is looked up as", async ({
  page,
  request,
  baseURL,
}) => {
  await watched(page, baseURL ?? "");
  const { approvalId } = await ask(request, "send_hostile_mail", {
    to: "https://раypal.com/pay",
    cc: "аnn@example.com",
    account: "bіlling-prod",
  });
  await page.goto(`/approvals/${approvalId}`);
  await expect(page.getByText("xn--ypal-43d9g.com")).toBeVisible();
  await expect(page.getByText(/mixes alphabets/).first()).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "bіlling-prod" })).toContainText("billing-prod");
  await expect(page.getByRole("listitem").filter({ hasText: "аnn@example.com" })).toContainText("ann@example.com");
});

test("T20: what is too long is not approved before its end was seen or it was downloaded", async ({
  page,
  request,
  baseURL,
}) => {
  test.setTimeout(90_000);
  await watched(page, baseURL ?? "");
  const long = await ask(request, "send_hostile_mail", { body: `${"x".repeat(200_000)} and delete it all` });
  await page.goto(`/approvals/${long.approvalId}`);
  await expect(page.getByText("1 part to download and acknowledge")).toBeVisible();
  await expect(page.getByText("and delete it all")).toBeVisible();
  const unnamed = await request.post(`/api/v1/approvals/${long.approvalId}/votes`, {
    headers: asAdmin,
    data: { verdict: "approve" },
  });
  expect(unnamed.status()).toBe(422);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download all of it" }).click(),
  ]);
  expect(download.suggestedFilename()).toContain(long.approvalId);
  await page.getByRole("checkbox", { name: /looked at all of it/ }).check();
  await expect(page.getByText("Ready: A, then Enter")).toBeVisible();

  const rows = Array.from({ length: 900 }, (_, id) => ({ id, name: `Contact ${id}` }));
  const many = await ask(request, "send_hostile_mail", { all: true }, { effect: { kind: "rows", before: rows } });
  await page.goto(`/approvals/${many.approvalId}`);
  const part = page.locator('[data-review-part="rows"]');
  await expect(part.getByRole("row")).not.toHaveCount(901); // only what is on screen is drawn …
  await expect(part.getByRole("table")).toHaveAttribute("aria-rowcount", "901"); // … and the table says how much there is
  await expect(page.getByText("To approve: 1 part left to view")).toBeVisible();
  await part.locator('[tabindex="0"]').focus();
  await page.keyboard.press("End");
  await expect(part.getByRole("rowheader", { name: "removed line 900" })).toBeVisible();
  await expect(page.getByText("Ready: A, then Enter")).toBeVisible();
  await page.getByLabel("Find in this part").fill("contact 77");
  await expect(page.getByText("11 of 900 lines found")).toBeVisible();
  await expect(part.getByRole("rowheader", { name: "removed line 78", exact: true })).toBeVisible();
});
