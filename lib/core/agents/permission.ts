import type { Role } from "@/lib/core/workspaces/schema";

/** Whether these roles may register agents, change them, raise levels, publish manifests and change the catalogue. */
export function canWritePolicy(roles: readonly Role[]): boolean {
  return roles.includes("policy_admin") || roles.includes("admin");
}

/** Whether a person may lower an agent's level or revoke its keys: its DRI, operators and policy administrators. */
export function canRestrain(person: { readonly id: string; readonly roles: readonly Role[] }, driId: string): boolean {
  return person.id === driId || person.roles.includes("operator") || canWritePolicy(person.roles);
}

/** Whether a person may make new keys for an agent: its DRI and policy administrators. */
export function canMakeKeys(person: { readonly id: string; readonly roles: readonly Role[] }, driId: string): boolean {
  return person.id === driId || canWritePolicy(person.roles);
}
