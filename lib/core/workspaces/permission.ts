import type { Role } from "./schema";

/** Whether these roles may stop a workspace, an agent or a run: everyone but a mere viewer. */
export function canStop(roles: readonly Role[]): boolean {
  return roles.some((role) => role !== "viewer");
}

/** Whether these roles may end a stop. */
export function canResume(roles: readonly Role[]): boolean {
  return roles.includes("operator") || roles.includes("admin");
}

/** Whether these roles may open and resolve incidents. */
export function canKeepIncidents(roles: readonly Role[]): boolean {
  return roles.includes("operator") || roles.includes("admin");
}

/** Whether these roles may acknowledge, silence and dismiss alerts. */
export function canKeepAlerts(roles: readonly Role[]): boolean {
  return roles.includes("operator") || roles.includes("admin");
}

/** Whether these roles may dismiss advice and bring it back. */
export function canKeepAdvice(roles: readonly Role[]): boolean {
  return roles.includes("operator") || roles.includes("admin");
}

/** Whether these roles may let calls of a system through again that failed too often. */
export function canResetDependencies(roles: readonly Role[]): boolean {
  return roles.includes("operator") || roles.includes("admin");
}

/** Whether these roles may change the rules of alerts. */
export function canChangeAlertRules(roles: readonly Role[]): boolean {
  return roles.includes("policy_admin") || roles.includes("admin");
}

/** Whether these roles may say whether a call ran of which nobody knows. */
export function canAnswerExecutions(roles: readonly Role[]): boolean {
  return roles.some((role) => role === "reviewer" || role === "operator" || role === "admin");
}

/** Whether these roles may let an agent ask again that was paused for asking too much. */
export function canLetAsk(roles: readonly Role[]): boolean {
  return roles.some((role) => role === "reviewer" || role === "operator" || role === "admin");
}

/** Whether these roles may confirm that a person who joined is somebody else than who invited them. */
export function canConfirmMembers(roles: readonly Role[]): boolean {
  return roles.some((role) => role !== "viewer");
}

/** Whether these roles may add, change and disable members. */
export function canManageMembers(roles: readonly Role[]): boolean {
  return roles.includes("admin");
}

/** Whether these roles may have telemetry written again that could not be written. */
export function canReplay(roles: readonly Role[]): boolean {
  return roles.includes("admin");
}
