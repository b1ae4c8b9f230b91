import { describe, expect, test } from "vitest";

import { isSameOrigin } from "./same-origin";

const HOST = "interlock.example:3000";

describe("isSameOrigin", () => {
  test.each([
    { secFetchSite: "same-origin", origin: null, host: HOST },
    { secFetchSite: "same-origin", origin: `http://${HOST}`, host: HOST },
    { secFetchSite: null, origin: `http://${HOST}`, host: HOST },
    { secFetchSite: null, origin: `https://${HOST}`, host: HOST.toUpperCase() },
  ])("takes $secFetchSite, $origin", (headers) => {
    expect(isSameOrigin(headers)).toBe(true);
  });

  test.each([
    { secFetchSite: null, origin: null, host: HOST },
    { secFetchSite: null, origin: "null", host: HOST },
    { secFetchSite: null, origin: "http://evil.example", host: HOST },
    { secFetchSite: null, origin: `http://${HOST}.evil.example`, host: HOST },
    { secFetchSite: null, origin: "http://interlock.example", host: HOST },
    { secFetchSite: null, origin: `http://${HOST}`, host: null },
    { secFetchSite: "cross-site", origin: `http://${HOST}`, host: HOST },
    { secFetchSite: "same-site", origin: `http://${HOST}`, host: HOST },
    { secFetchSite: "none", origin: null, host: HOST },
    { secFetchSite: "", origin: `http://${HOST}`, host: HOST },
  ])("refuses $secFetchSite, $origin", (headers) => {
    expect(isSameOrigin(headers)).toBe(false);
  });
});
