import { expect, test } from "vitest";

import { readTraceParent } from "./traceparent";

const [TRACE, SPAN] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];

test.each([
  `00-${TRACE}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-00`,
  `01-${TRACE}-${SPAN}-01-later`,
  `cc-${TRACE}-${SPAN}-01`,
])("%s names a trace and a span", (header) => {
  expect(readTraceParent(header)).toEqual({ traceId: TRACE, spanId: SPAN });
});

test.each([
  ["nothing", null],
  ["an empty header", ""],
  ["two headers in one", `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ["capital letters", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ["version ff", `ff-${TRACE}-${SPAN}-01`],
  ["more than version 00 has", `00-${TRACE}-${SPAN}-01-more`],
  ["a trace of zeros", `00-${"0".repeat(32)}-${SPAN}-01`],
  ["a span of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
  ["a short trace", `00-${TRACE.slice(1)}-${SPAN}-01`],
  ["a line break", `00-${TRACE}-${SPAN}-01\n`],
  ["spaces around it", ` 00-${TRACE}-${SPAN}-01`],
  ["no flags", `00-${TRACE}-${SPAN}`],
])("%s is taken for no header", (_what, header) => {
  expect(readTraceParent(header)).toBeNull();
});
