import type { SpendDimension } from "./measures";

/** What figures are split by, as its column is headed. */
export const SPLIT_NAMES: Readonly<Record<SpendDimension, string>> = {
  agent: "Agent",
  owner: "Owner",
  model: "Model",
  provider: "Provider",
  tool: "Tool",
  kind: "Kind of step",
  version: "Agent version",
  environment: "Environment",
  customer: "Customer",
  tag: "Tag",
  skill: "Skill",
  subagent: "Subagent",
  mcp_server: "MCP server",
};

/** The heading of a split. */
export const splitTitle = (by: SpendDimension): string =>
  `By ${by === "mcp_server" ? "MCP server" : SPLIT_NAMES[by].toLowerCase()}`;
