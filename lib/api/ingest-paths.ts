import type { Described } from "./openapi";

/*
 * What OpenAPI says of the inlets of telemetry. Their bodies are OTLP's own messages and lines of JSON, which are no
 * operations with a schema of ours.
 */

const BINARY = { schema: { type: "string", format: "binary" } };
const OBJECT = { schema: { type: "object" } };

const REFUSALS = {
  "400": "Nothing of the body can be read.",
  "401": "The key is missing, unknown, revoked or expired.",
  "403": "The key has not the scope `ingest`.",
  "413": "The body has more than 20 MiB, sent or inflated.",
  "415": "Another media type, or a Content-Encoding other than gzip.",
  "429": "The workspace sends too much, or too much of it is waiting. `Retry-After` says when to send it again.",
  "503": "Too much is waiting in all, or the database is away. `Retry-After` says when to send it again.",
};

const described = (content: object) =>
  Object.fromEntries(Object.entries(REFUSALS).map(([status, description]) => [status, { description, content }]));

function otlp(signal: "Trace" | "Logs" | "Metrics", id: string): object {
  const content = { "application/x-protobuf": BINARY, "application/json": OBJECT };
  return {
    summary: `OTLP/HTTP: Export${signal}ServiceRequest, as protobuf or JSON, gzip or not`,
    operationId: id,
    tags: ["traces"],
    security: [{ agentKey: [] }],
    requestBody: { required: true, content },
    responses: {
      "200": {
        description:
          "Durable. `partialSuccess` says what was left out and why. The same body again adds nothing and gets the same answer.",
        content,
      },
      ...described({ "application/x-protobuf": BINARY, "application/json": OBJECT }),
    },
  };
}

/** The inlets of telemetry by path. */
export const INGEST_PATHS: Described = {
  "/v1/traces": { post: otlp("Trace", "exportTraces") },
  "/api/public/otel/v1/traces": { post: otlp("Trace", "exportTracesAlias") },
  "/v1/logs": { post: otlp("Logs", "exportLogs") },
  "/v1/metrics": { post: otlp("Metrics", "exportMetrics") },
  "/api/v1/events": {
    post: {
      summary: "Events of agents, a line of JSON each or a JSON array",
      operationId: "sendEvents",
      tags: ["traces"],
      security: [{ agentKey: [] }],
      requestBody: {
        required: true,
        content: {
          "application/x-ndjson": { schema: { type: "string" } },
          "application/json": {
            schema: { oneOf: [{ type: "object" }, { type: "array", items: { type: "object" } }] },
          },
        },
      },
      responses: {
        "200": {
          description: "Durable, but for the events that `errors` names; at most 20 are named.",
          content: {
            "application/json": {
              schema: {
                type: "object",
                required: ["accepted", "rejected", "errors"],
                properties: {
                  accepted: { type: "integer" },
                  rejected: { type: "integer" },
                  errors: {
                    type: "array",
                    items: {
                      type: "object",
                      properties: { code: { type: "string" }, message: { type: "string" } },
                    },
                  },
                },
              },
            },
          },
        },
        ...described({ "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } }),
      },
    },
  },
};
