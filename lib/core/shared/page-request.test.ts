import { expect, test } from "vitest";

import { refusePageRequest } from "./page-request";

test.each(["/", "/approvals/A%201", "/agents/%C3%A9?filter=%ff", "/a//b", "/%2e%2e/a", "/approvals/%25ff"])(
  "takes %s for a page",
  (target) => expect(refusePageRequest("GET", target)).toBeNull(),
);

test.each([
  "/approvals/%ff",
  "/agents/%",
  "/agents/%c3",
  "/agents/%ed%a0%80",
  "/a%00b",
  "/a%0d%0ab",
  "http://elsewhere.example/",
  "*",
  "",
])("takes %s for none", (target) => expect(refusePageRequest("GET", target)).toMatchObject({ status: 400 }));

test.each(["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", undefined])(
  "answers no %s with a page",
  (method) => expect(refusePageRequest(method, "/")).toMatchObject({ status: 405 }),
);
