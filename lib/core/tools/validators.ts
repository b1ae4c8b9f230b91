import { Ajv2020, type ErrorObject, str, type ValidateFunction } from "ajv/dist/2020.js";

import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { Json, JsonObject } from "@/lib/core/shared/json";

import { FORMATS } from "./formats";
import { FUEL_KEYWORD, type FuelCharge, prepareSchema } from "./json-schema";
import { isMultipleOf } from "./multiple-of";
import { compilePattern } from "./pattern";
import { type SchemaFault, sentencesOf } from "./schema-fault";

/** What a validator says of a value. `unusable`: the schema itself cannot be relied on, so nothing may pass by it. */
export type Validation =
  | { readonly kind: "valid" }
  | { readonly kind: "invalid"; readonly faults: readonly SchemaFault[] }
  | { readonly kind: "unusable"; readonly why: string };

/** A JSON Schema ready to use; compiled when first needed. Never throws. */
export type Validator = {
  check(value: Json): Validation;
  /** Why the schema cannot be compiled, or null when it can. */
  fault(): string | null;
};

/** A cache of compiled schemas: equal schemas share one validator, whoever wrote them. */
export type Validators = { of(schema: JsonObject): Validator };

/** Work one check may do: roughly 20 to 50 ns a unit, so a hostile schema costs well under a tenth of a second. */
const FUEL_PER_CHECK = 2_000_000;
const MAX_CACHED = 10_000;

const VALID: Validation = Object.freeze({ kind: "valid" });
const TOO_COSTLY: Validation = Object.freeze({
  kind: "invalid",
  faults: Object.freeze([
    Object.freeze({ path: "", message: "The arguments are too large or too deep to be checked against the schema." }),
  ]),
});

/** Annotations that schema generators write and that constrain nothing. */
const ANNOTATIONS = [
  "example",
  "markdownDescription",
  "enumNames",
  "enumDescriptions",
  "discriminator",
  "xml",
  "externalDocs",
];

/**
 * Makes a cache of validators. Share one per process: compiling is a thousand times dearer than checking.
 *
 * Schemas are read as JSON Schema 2020-12, or the draft they name, strictly: an unknown keyword, a pattern that RE2 cannot
 * run, a reference to elsewhere or anything that cannot be judged exactly makes the schema unusable. Known formats are
 * asserted, others are annotations. Patterns run in linear time; all work is metered.
 */
export function createValidators(): Validators {
  const byText = new Map<string, Validator>();
  const byObject = new WeakMap<JsonObject, Validator>();
  const compiler = createCompiler();
  return Object.freeze({
    of(schema: JsonObject): Validator {
      const known = byObject.get(schema);
      if (known) return known;
      const text = canonicalJson(schema);
      const validator = byText.get(text) ?? lazyValidator(schema, compiler);
      if (byText.size >= MAX_CACHED) {
        for (const oldest of byText.keys()) {
          byText.delete(oldest);
          break;
        }
      }
      byText.set(text, validator);
      byObject.set(schema, validator);
      return validator;
    },
  });
}

type Compiler = { compile(schema: JsonObject): Check | string };
type Check = (value: Json) => Validation;

function lazyValidator(schema: JsonObject, compiler: Compiler): Validator {
  let compiled: Check | string | null = null;
  const ready = () => (compiled ??= compiler.compile(schema));
  return Object.freeze({
    check(value: Json): Validation {
      const check = ready();
      return typeof check === "string" ? { kind: "unusable", why: check } : check(value);
    },
    fault(): string | null {
      const check = ready();
      return typeof check === "string" ? check : null;
    },
  });
}

/** One tank for all validators of a compiler: checks are synchronous, so two never run at once. */
type Tank = { left: number };

class OutOfFuel extends Error {
  override readonly name = "OutOfFuel";
}

function spend(tank: Tank, units: number): void {
  tank.left -= units;
  if (!(tank.left >= 0)) throw new OutOfFuel("validation was stopped");
}

function createCompiler(): Compiler {
  const tank: Tank = { left: 0 };
  const instances = new Map<boolean, Ajv2020>();
  let compiled = 0;
  return {
    compile(schema) {
      const prepared = prepareSchema(schema);
      if (!prepared.ok) return prepared.path === "" ? prepared.why : `${prepared.why} (at ${prepared.path})`;
      const { unevaluated } = prepared;
      const ajv = instances.get(unevaluated) ?? createAjv(tank, unevaluated);
      instances.set(unevaluated, ajv);
      // Without a name of its own, Ajv cannot resolve a schema's reference to its root (`#`).
      const $id = `interlock:${(compiled += 1)}`;
      try {
        tank.left = FUEL_PER_CHECK;
        return metered(ajv.compile({ ...prepared.schema, $id }), tank);
      } catch (error) {
        return error instanceof Error ? error.message : "The schema cannot be compiled.";
      } finally {
        // Ajv keeps every schema it has seen; the validator lives on without it.
        ajv.removeSchema($id);
      }
    },
  };
}

function metered(validate: ValidateFunction, tank: Tank): Check {
  return (value) => {
    tank.left = FUEL_PER_CHECK;
    try {
      if (validate(value) === true) return VALID;
      return { kind: "invalid", faults: sentencesOf(takeErrors(validate), value) };
    } catch {
      // Out of fuel, or a recursion that met the end of the stack before the end of its fuel.
      return TOO_COSTLY;
    }
  };
}

function takeErrors(validate: ValidateFunction): readonly ErrorObject[] {
  const errors = validate.errors ?? [];
  // Errors hold on to the arguments; the validator outlives the call.
  validate.errors = null;
  return errors;
}

/** `unevaluated`: whether to keep track of what was looked at, which costs time at every check. */
function createAjv(tank: Tank, unevaluated: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    strictSchema: true,
    strictNumbers: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    allowMatchingProperties: true,
    allErrors: true,
    // Errors carry the schema they come from, which is how an unknown argument finds the known one it was meant to be.
    verbose: true,
    // `required: ["constructor"]` must not be satisfied by what every object inherits.
    ownProperties: true,
    inlineRefs: false,
    logger: false,
    code: { regExp: linearRegExp(tank) },
  });
  // Its constructor overrules the option.
  ajv.opts.unevaluated = unevaluated;
  ajv.addVocabulary([...ANNOTATIONS]);
  ajv.addKeyword({
    keyword: FUEL_KEYWORD,
    // Before the reference is followed: a schema that refers to itself must pay on every turn.
    before: "$ref",
    errors: false,
    validate: (charge: FuelCharge, value: unknown) => {
      const items = charge.pairwise && Array.isArray(value) ? value.length : 0;
      spend(tank, charge.weight + items * items);
      return true;
    },
  });
  // Ajv divides floats, by which 19.99 is no multiple of 0.01.
  ajv.removeKeyword("multipleOf");
  ajv.addKeyword({
    keyword: "multipleOf",
    type: "number",
    schemaType: "number",
    error: { message: ({ schemaCode }) => str`must be a multiple of ${schemaCode}` },
    validate: (unit: number, value: number) => isMultipleOf(value, unit),
  });
  addMeteredFormats(ajv, tank);
  return ajv;
}

/**
 * Formats are native regular expressions, quadratic at worst, and are charged as such: a long text runs out of fuel
 * instead of failing, since a failed check inside `not` would pass.
 */
function addMeteredFormats(ajv: Ajv2020, tank: Tank): void {
  for (const [name, format] of FORMATS) {
    if (format.type === "number") {
      ajv.addFormat(name, { type: "number", validate: format.test });
    } else {
      ajv.addFormat(name, (text: string) => {
        spend(tank, text.length + (text.length * text.length) / 100);
        return format.test(text);
      });
    }
  }
}

/** Ajv's regular expressions by RE2: no backtracking, and the work is charged. */
function linearRegExp(tank: Tank) {
  const create = (pattern: string) => {
    const { size, test } = compilePattern(pattern);
    const perCharacter = 20 + size / 6;
    return {
      // Ajv shares compiled patterns by this text.
      toString: () => `/${pattern}/u`,
      test(text: string): boolean {
        spend(tank, 1 + text.length * perCharacter);
        return test(text);
      },
    };
  };
  return Object.assign(create, { code: "linearRegExp" });
}
