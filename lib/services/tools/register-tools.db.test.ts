import { describe, expect, test } from "vitest";

import { RegisterToolInput } from "@/lib/core/tools/schema";
import { givenTenant } from "@/lib/testing/tenant";

import { listEntries } from "../ledger/list-entries";
import { acceptTool } from "./accept-tool";
import { listTools } from "./list-tools";
import { registerTools } from "./register-tools";
import { showTool } from "./show-tool";

const tool = (name: string, more: object = {}) => RegisterToolInput.parse({ name, ...more });

describe("registerTools", () => {
  test("adds tools as the strictest kind unless told otherwise, one ledger entry each", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("policy_admin");
    const { items } = await registerTools(admin, [
      tool("read_file", { reversibility: "read", blast_radius: "none" }),
      tool("send_mail"),
    ]);
    expect(items).toMatchObject([
      { name: "read_file", status: "active", created: true, message: null },
      { name: "send_mail", status: "active", created: true },
    ]);
    expect(await showTool(admin, "send_mail")).toMatchObject({
      reversibility: "irreversible",
      blast_radius: "high",
      hash: items[1]?.hash,
    });
    const ledger = await listEntries(admin, { kind: "tool.register", limit: 10 });
    expect(ledger.items.map((entry) => entry.body["details"])).toMatchObject([
      { tool: "send_mail" },
      { tool: "read_file", previous_hash: null },
    ]);
  });

  test("changes the hash with the definition and with nothing else", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    const first = await registerTools(admin, [tool("send_mail", { owner: "ops" })]);
    const same = await registerTools(admin, [tool("send_mail", { owner: "support" })]);
    const other = await registerTools(admin, [tool("send_mail", { description: "Sends.", owner: "support" })]);
    expect(same.items[0]).toMatchObject({ hash: first.items[0]?.hash, created: false, changed: false });
    expect(other.items[0]?.hash).not.toBe(first.items[0]?.hash);
    expect(other.items[0]).toMatchObject({ created: false, changed: true });
    expect(await showTool(admin, "send_mail")).toMatchObject({ description: "Sends.", owner: "support" });
  });

  test("quarantines a name that reads like another until a person accepts its definition", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("policy_admin");
    await registerTools(admin, [tool("delete_customer")]);
    const { items } = await registerTools(admin, [tool("delete_custorner"), tool("Delete_Customer")]);
    expect(items).toMatchObject([{ status: "quarantined" }, { status: "quarantined" }]);
    expect(items[0]?.message).toContain("delete_customer");
    await expect(acceptTool(admin, { name: "delete_custorner", hash: "0".repeat(64) })).rejects.toMatchObject({
      code: "conflict",
    });
    await acceptTool(admin, { name: "delete_custorner", hash: items[0]?.hash ?? "" });
    expect(await showTool(admin, "delete_custorner")).toMatchObject({ status: "active" });
    expect(await showTool(admin, "Delete_Customer")).toMatchObject({ status: "quarantined" });
  });

  test("warns of a name one letter away without holding it", async () => {
    const admin = await (await givenTenant()).person("policy_admin");
    const { items } = await registerTools(admin, [tool("get_user_role"), tool("get_user_roles")]);
    expect(items[1]).toMatchObject({ status: "active", message: expect.stringContaining("get_user_role") });
  });

  test("refuses all when one is wrong, with the place of every fault", async () => {
    const admin = await (await givenTenant()).person("policy_admin");
    const wrong = [tool("ok_tool"), tool("dеlete"), tool("bad", { args_schema: { type: "objekt" } }), tool("ok_tool")];
    await expect(registerTools(admin, wrong)).rejects.toMatchObject({
      code: "unprocessable",
      faults: [
        { code: "invalid_tool_name", path: "/1/name" },
        { code: "invalid_tool_schema", path: "/2/args_schema" },
        { code: "duplicate_name", path: "/3/name" },
      ],
    });
    expect((await listTools(admin, { limit: 10 })).items).toEqual([]);
  });

  test("is for policy administrators and stays in their workspace", async () => {
    const [here, there] = [await givenTenant(), await givenTenant()];
    for (const role of ["viewer", "reviewer", "operator"] as const) {
      await expect(registerTools(await here.person(role), [tool("x_tool")])).rejects.toMatchObject({
        code: "forbidden",
      });
    }
    await expect(registerTools(here.system, [tool("x_tool")])).rejects.toMatchObject({ code: "forbidden" });
    await registerTools(await here.person("policy_admin"), [tool("x_tool")]);
    const stranger = await there.person("admin");
    expect((await listTools(stranger, { limit: 10 })).items).toEqual([]);
    await expect(showTool(stranger, "x_tool")).rejects.toMatchObject({ code: "not_found" });
    expect((await registerTools(stranger, [tool("x_tool")])).items).toMatchObject([{ created: true }]);
  });

  test("moves the workspace's epoch, so that no replica goes on with the old catalogue", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("policy_admin");
    const epoch = async () =>
      (await admin.db.workspaceControl.findUniqueOrThrow({ where: { workspaceId: tenant.workspaceId } })).epoch;
    const before = await epoch();
    await registerTools(admin, [tool("x_tool")]);
    expect(await epoch()).toBeGreaterThan(before);
  });

  test("lists by name, page by page", async () => {
    const admin = await (await givenTenant()).person("policy_admin");
    await registerTools(
      admin,
      ["c_tool", "a_tool", "b_tool"].map((name) => tool(name)),
    );
    const first = await listTools(admin, { limit: 2 });
    expect(first.items.map((item) => item.name)).toEqual(["a_tool", "b_tool"]);
    const second = await listTools(admin, { limit: 2, cursor: first.next ?? "" });
    expect(second).toMatchObject({ items: [{ name: "c_tool" }], next: null });
  });
});
