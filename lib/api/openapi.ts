import { z } from "zod";

import type { Operation } from "./declare";

const Problem = {
  type: "object",
  required: ["type", "title", "status", "detail", "code"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string", description: "Stable word to match on." },
    faults: {
      type: "array",
      items: {
        type: "object",
        required: ["code", "path", "message"],
        properties: {
          code: { type: "string" },
          path: { type: "string", description: "JSON pointer." },
          message: { type: "string" },
          line: { type: "integer" },
          column: { type: "integer" },
        },
      },
    },
  },
};

/** Descriptions by path and method of what is answered outside the operations. */
export type Described = Readonly<Record<string, Record<string, object>>>;

/** The OpenAPI 3.1 description of exactly the operations that are served. */
export function openApi(operations: readonly Operation[], version: string, more: Described = {}): object {
  const paths: Record<string, Record<string, object>> = { ...more };
  for (const op of operations) {
    const item = (paths[op.path] ??= {});
    item[op.method] = describe(op);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Interlock", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/" }],
    tags: [...new Set(operations.map((op) => op.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        agentKey: { type: "http", scheme: "bearer", description: "An agent's key, ilk_…" },
        personalToken: { type: "http", scheme: "bearer", description: "A person's token, ilp_…" },
      },
      schemas: { Problem },
    },
  };
}

function describe(op: Operation): object {
  const security = {
    agent: ["agentKey"],
    member: ["personalToken"],
    session: ["personalToken"],
    either: ["agentKey", "personalToken"],
    invited: [],
  };
  const content = op.body && {
    "application/json": { schema: schemaOf(op.body, "input") },
    ...(op.yaml && { "application/yaml": { schema: { type: "string" } } }),
    ...(op.csv && { "text/csv": { schema: { type: "string" } } }),
  };
  return {
    summary: op.summary,
    operationId: operationId(op),
    tags: [op.tag],
    security: security[op.as].map((scheme) => ({ [scheme]: [] })),
    parameters: [
      ...parametersOf(op.params, "path"),
      ...parametersOf(op.query, "query"),
      ...(op.idempotent ? [IDEMPOTENCY] : []),
      ...(op.traced ? [TRACEPARENT] : []),
    ],
    ...(content && { requestBody: { required: true, content } }),
    responses: {
      ...answersOf(op),
      default: {
        description: "A refusal.",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

const IDEMPOTENCY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  schema: { type: "string", maxLength: 200 },
};

const TRACEPARENT = {
  name: "traceparent",
  in: "header",
  required: false,
  description:
    "W3C Trace Context: the span from which the agent asks. Kept with the decision to join it to the agent’s telemetry. A malformed value is ignored.",
  schema: { type: "string" },
};

const operationId = (op: Operation) =>
  op.method +
  op.path.replaceAll(/[{}]/g, "").replaceAll(/[/._-]+(\w)/g, (_match, letter: string) => letter.toUpperCase());

function answersOf(op: Operation): Record<string, object> {
  return Object.fromEntries(
    Object.entries(op.answers).map(([status, answer]) => [
      status,
      {
        description: answer.description,
        ...(answer.schema && { content: { "application/json": { schema: schemaOf(answer.schema, "output") } } }),
      },
    ]),
  );
}

function parametersOf(schema: z.ZodType | undefined, place: "path" | "query"): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: property,
  }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
