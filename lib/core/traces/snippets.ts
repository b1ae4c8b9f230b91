/** A way to send telemetry: complete but for what is the reader's own. */
export type TelemetrySnippet = { readonly id: string; readonly label: string; readonly text: string };

/**
 * The ways to send an agent's telemetry here.
 *
 * @param origin the address of this installation, without a slash at the end
 * @param key an agent's key, or the name of the variable that holds it
 */
export function telemetrySnippets(origin: string, key: string): readonly TelemetrySnippet[] {
  return [
    {
      id: "collector",
      label: "Collector",
      text: `exporters:
  otlphttp/interlock:
    endpoint: ${origin}
    compression: gzip
    headers:
      authorization: "Bearer ${key}"
service:
  pipelines:
    traces:
      receivers: [otlp]
      exporters: [otlphttp/interlock]`,
    },
    {
      id: "environment",
      label: "Python or any SDK",
      text: `export OTEL_EXPORTER_OTLP_ENDPOINT="${origin}"
export OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf"
export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer ${key}"
opentelemetry-instrument python agent.py`,
    },
    {
      id: "typescript",
      label: "TypeScript",
      text: `import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const exporter = new OTLPTraceExporter({
  url: "${origin}/v1/traces",
  headers: { authorization: "Bearer ${key}" },
});
new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] }).register();`,
    },
    {
      id: "claude-code",
      label: "Claude Code",
      text: `export CLAUDE_CODE_ENABLE_TELEMETRY=1
export OTEL_LOGS_EXPORTER=otlp OTEL_METRICS_EXPORTER=otlp
export OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf"
export OTEL_EXPORTER_OTLP_ENDPOINT="${origin}"
export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer ${key}"`,
    },
    {
      id: "ai-sdk",
      label: "Vercel AI SDK",
      text: `// After the exporter of the TypeScript snippet is registered:
const { text } = await generateText({
  model,
  prompt,
  experimental_telemetry: { isEnabled: true, functionId: "support-triage" },
});`,
    },
    {
      id: "curl",
      label: "curl",
      text: `curl ${origin}/api/v1/events \\
  -H "Authorization: Bearer ${key}" -H "Content-Type: application/x-ndjson" \\
  -d '{"ts":"2026-04-10T03:14:22Z","agent_id":"support-triage","session_id":"s-1","model":"gpt-4.1-mini","tool_call":{"name":"crm.updateCase","args":{"caseId":"C-88319"}},"result":{"status":"ok"}}'`,
    },
  ];
}
