import { describe, expect, test } from "vitest";

import { isTooNear } from "./key-places";
import {
  bindingFault,
  bindingsOf,
  COMMAND_IDS,
  COMMANDS,
  DEFAULT_BINDINGS,
  keyText,
  textOfBindings,
  without,
} from "./shortcuts";

describe("the keys of the product", () => {
  test("no two commands have the same key, and none begins another's", () => {
    expect(COMMAND_IDS.map((id) => bindingFault(DEFAULT_BINDINGS, id, COMMANDS[id].key)).filter(Boolean)).toEqual([]);
  });

  test("are kept and read back as they were chosen, those taken away too", () => {
    const chosen = without({ ...DEFAULT_BINDINGS, return: "Shift+R", "not-now": "w" }, "trace");
    expect(bindingsOf(textOfBindings(chosen))).toEqual(chosen);
    expect(textOfBindings(DEFAULT_BINDINGS)).toBe("");
    expect(bindingsOf(undefined)).toEqual(DEFAULT_BINDINGS);
  });

  test("two commands may trade keys that are no answers", () => {
    const traded = { ...DEFAULT_BINDINGS, next: "k", previous: "j" };
    expect(bindingsOf(textOfBindings(traded))).toEqual(traded);
  });

  test.each(["deny=", "deny=j", "approve=s", "deny=s&approve=l&next=l", "approve=%00", "deny=zz", "return=7"])(
    "what a browser cannot have kept rightly means the defaults: %s",
    (text) => expect(bindingsOf(text)).toEqual(DEFAULT_BINDINGS),
  );

  test("a name nobody knows changes nothing", () => {
    expect(bindingsOf("__proto__=x&nothing=y&trace=t")).toEqual({ ...DEFAULT_BINDINGS, trace: "t" });
  });
});

describe("a key that is refused", () => {
  const fault = (id: Parameters<typeof bindingFault>[1], key: string, bindings = DEFAULT_BINDINGS) =>
    bindingFault(bindings, id, key);

  test("says who has it", () => {
    expect(fault("return", "z")).toMatch(/^Z is taken: Not now/);
    expect(fault("return", "g")).toMatch(/^G begins G then D/);
    expect(fault("trace", "n x")).toMatch(/^N acts at once: Next change/);
  });

  test.each(["Enter", "Escape", " ", "Tab", "ab", "Control+a", "g d m", "ä", ""])(
    "is none that can be given: %j",
    (key) => expect(fault("return", key)).not.toBeNull(),
  );

  test("digits stay with evidence and reasons", () => {
    expect(fault("approve", "6")).toMatch(/Digits/);
    expect(fault("evidence-1", "6")).toBeNull();
  });

  test("approve and deny never trade places, whatever else has moved", () => {
    expect(fault("approve", "d", without(DEFAULT_BINDINGS, "deny"))).toMatch(/where Deny used to be/);
    expect(fault("deny", "a", without(DEFAULT_BINDINGS, "approve"))).toMatch(/where Approve used to be/);
    expect(fault("approve", "Shift+D", without(DEFAULT_BINDINGS, "deny"))).not.toBeNull();
    expect(fault("approve", "w d", without(DEFAULT_BINDINGS, "deny"))).not.toBeNull();
  });

  test("approve and deny never lie side by side, on any usual keyboard", () => {
    const free = without(without(DEFAULT_BINDINGS, "not-now"), "approve");
    const faults = ["s", "f", "c", "Shift+S", "Shift+F"].map((key) => fault("approve", key, free));
    expect(faults.filter((why) => why?.includes("too near"))).toHaveLength(5);
    expect(fault("approve", "l")).toBeNull();
    // On an AZERTY keyboard Q lies where A does here, right beside S.
    expect(fault("approve", "s", { ...DEFAULT_BINDINGS, deny: "q" })).toMatch(/too near/);
  });
});

test("neighbours are the keys around one", () => {
  expect([..."qwertyuiopasdfghjklzxcvbnm"].filter((key) => key !== "g" && isTooNear("g", key)).toSorted()).toEqual([
    ..."bfhtvyz",
  ]);
  expect(isTooNear("a", "d")).toBe(false);
  expect(isTooNear("a", "a")).toBe(true);
});

test("keys are printed as one would say them", () => {
  expect(["d", "Shift+D", "g d", "?"].map(keyText)).toEqual(["D", "Shift D", "G then D", "?"]);
});
