import { accessOperations } from "./access";
import { adviceOperations } from "./advice";
import { agentOperations } from "./agents";
import { alertOperations } from "./alerts";
import { approvalPartOperations } from "./approval-parts";
import { approvalOperations } from "./approvals";
import { baselineOperations } from "./baselines";
import { batchOperations } from "./batches";
import { contextOperations } from "./context";
import type { Operation } from "./declare";
import { decisionOperations } from "./decisions";
import { dependencyOperations } from "./dependencies";
import { executionOperations } from "./executions";
import { feedbackOperations } from "./feedback";
import { guardrailOperations } from "./guardrails";
import { historyOperations } from "./history";
import { incidentOperations } from "./incidents";
import { ledgerOperations } from "./ledger";
import { manifestOperations } from "./manifests";
import { metricsOperations } from "./metrics";
import { objectiveOperations } from "./objectives";
import { planOperations } from "./plans";
import { proposalOperations } from "./proposals";
import { budgetOperations } from "./budgets";
import { invoiceOperations } from "./invoices";
import { priceOperations } from "./prices";
import { redactionOperations } from "./redaction";
import { reviewerOperations } from "./reviewers";
import { showbackOperations } from "./showback";
import { toolOperations } from "./tools";
import { runOperations } from "./runs";
import { telemetryOperations } from "./telemetry";
import { viewOperations } from "./views";
import { workspaceOperations } from "./workspaces";

/** Every operation of the public API, declared once: the server serves these and OpenAPI describes these. */
export const operations: readonly Operation[] = [
  ...decisionOperations,
  ...executionOperations,
  ...historyOperations, // before those whose last part is an id
  ...approvalOperations,
  ...batchOperations,
  ...approvalPartOperations,
  ...contextOperations,
  ...planOperations,
  ...accessOperations,
  ...agentOperations,
  ...manifestOperations,
  ...guardrailOperations,
  ...toolOperations,
  ...dependencyOperations,
  ...runOperations,
  ...feedbackOperations,
  ...telemetryOperations,
  ...budgetOperations,
  ...adviceOperations,
  ...invoiceOperations,
  ...priceOperations,
  ...metricsOperations,
  ...showbackOperations,
  ...viewOperations,
  ...redactionOperations,
  ...workspaceOperations,
  ...proposalOperations,
  ...incidentOperations,
  ...alertOperations,
  ...objectiveOperations,
  ...baselineOperations,
  ...ledgerOperations,
  ...reviewerOperations,
];
