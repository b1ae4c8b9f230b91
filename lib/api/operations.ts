import { accessOperations } from "./access";
import { agentOperations } from "./agents";
import { approvalPartOperations } from "./approval-parts";
import { approvalOperations } from "./approvals";
import { batchOperations } from "./batches";
import { contextOperations } from "./context";
import type { Operation } from "./declare";
import { decisionOperations } from "./decisions";
import { executionOperations } from "./executions";
import { guardrailOperations } from "./guardrails";
import { historyOperations } from "./history";
import { incidentOperations } from "./incidents";
import { ledgerOperations } from "./ledger";
import { manifestOperations } from "./manifests";
import { planOperations } from "./plans";
import { reviewerOperations } from "./reviewers";
import { toolOperations } from "./tools";
import { traceOperations } from "./traces";
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
  ...traceOperations,
  ...workspaceOperations,
  ...incidentOperations,
  ...ledgerOperations,
  ...reviewerOperations,
];
