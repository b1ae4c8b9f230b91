import { describe, expect, test } from "vitest";

import { amountCell, amountText, differenceOf, tickText, usdText } from "./units";

const usd = (dollars: string) => {
  const [whole = "0", fraction = ""] = dollars.split(".");
  return BigInt(whole + fraction.padEnd(12, "0"));
};

describe("usdText", () => {
  test.each([
    ["0", "$0"],
    ["2699.04", "$2,699.04"],
    ["1", "$1.00"],
    ["0.226", "$0.226"],
    ["0.2264", "$0.226"],
    ["0.1", "$0.10"],
    ["0.000717", "$0.000717"],
    ["0.000000000004", "$0.000000000004"],
    ["1234567.895", "$1,234,567.90"],
    ["0.9999", "$1.00"],
  ])("writes %s dollars as %s", (dollars, text) => {
    expect(usdText(usd(dollars))).toBe(text);
  });

  test("writes what is less than nothing with a minus sign", () => {
    expect(usdText(-usd("33.85"))).toBe("−$33.85");
  });
});

describe("differenceOf", () => {
  const dollars = (now: string, before: string) => differenceOf("usd", String(usd(now)), String(usd(before)));

  test("is signed, absolute, and names what was before", () => {
    expect(dollars("2699.04", "2452.04")).toEqual({ change: "+$247.00", percent: "+10 %", before: "$2,452.04" });
    expect(dollars("322.12", "345.29")).toEqual({ change: "−$23.17", percent: "−6.7 %", before: "$345.29" });
  });

  test("takes no percentage of nothing", () => {
    expect(dollars("3", "0")).toEqual({ change: "+$3.00", percent: null, before: "$0" });
  });

  test("says that nothing changed", () => {
    expect(dollars("3", "3")).toEqual({ change: "$0", percent: "0 %", before: "$3.00" });
  });

  test("tells shares apart in points", () => {
    expect(differenceOf("share", "0.25", "0.2")).toEqual({ change: "+5.0 points", percent: null, before: "20.0 %" });
  });

  test("counts", () => {
    expect(differenceOf("count", "46", "41")).toEqual({ change: "+5", percent: "+12 %", before: "41" });
  });
});

test("amounts and ticks carry their unit", () => {
  expect(amountText("count", "1204")).toBe("1,204");
  expect(amountText("share", "0.987")).toBe("98.7 %");
  expect(amountText("milliseconds", "2400")).toBe("2.4 s");
  expect(tickText("usd", 1_250)).toBe("$1.25k");
  expect(tickText("usd", 0)).toBe("$0");
  expect(tickText("share", 0.5)).toBe("50 %");
});

test("a spreadsheet gets plain numbers", () => {
  expect(amountCell("usd", String(usd("12.5")))).toBe("12.50");
  expect(amountCell("usd", String(-usd("12.5")))).toBe(-12.5);
  expect(amountCell("usd", null)).toBeNull();
  expect(amountCell("count", "7")).toBe(7);
});
