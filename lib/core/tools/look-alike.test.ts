import { describe, expect, test } from "vitest";

import { neighbourOf, storedSkeleton } from "./look-alike";

describe("a tool's name beside others", () => {
  test.each([
    ["get_user_roles", "get_user_role"],
    ["get_user_role", "get_user_roles"],
    ["send_mails", "send_mail5"],
    ["xread_file", "read_file"],
  ])("%s is one letter from %s", (name, other) => {
    expect(neighbourOf(name, ["something_else", other])).toBe(other);
  });

  test.each([
    ["get", "put"],
    ["read_file", "read_file"],
    ["read_file", "write_file"],
    ["read_file", "read_files_2"],
  ])("%s is no neighbour of %s", (name, other) => {
    expect(neighbourOf(name, [other])).toBeNull();
  });

  test("shares the stored form of a look-alike only when it is the first", () => {
    expect(storedSkeleton("delete_customer", null)).toBe(storedSkeleton("DELETE_CUSTORNER", null));
    expect(storedSkeleton("delete_custorner", "delete_customer")).not.toBe(storedSkeleton("delete_customer", null));
  });
});
