import type { Role } from "@/lib/core/workspaces/schema";
import { ROLES } from "@/lib/core/workspaces/roles";

const DUTIES: Record<Role, string> = {
  viewer: "sees everything, changes nothing",
  reviewer: "decides waiting actions",
  operator: "stops, suspends and resumes",
  policy_admin: "manifests, tools, guardrails",
  admin: "members and all of the above but reviewing",
};

/** A box for each role, with what it lets a person do. */
export function RoleBoxes({ checked, invalid }: { checked: readonly Role[]; invalid: boolean }) {
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 font-medium">Roles</legend>
      {ROLES.map((role) => (
        <label
          key={role}
          className="flex min-h-6 items-baseline gap-2 pointer-coarse:min-h-11 pointer-coarse:items-center"
        >
          <input
            type="checkbox"
            name="roles[]"
            value={role}
            defaultChecked={checked.includes(role)}
            className="size-4 self-center accent-accent"
          />
          <span>
            {role.replace("_", " ")} <span className="text-xs text-muted">{DUTIES[role]}</span>
          </span>
        </label>
      ))}
      {invalid && <p className="text-xs font-medium text-deny">■ Choose at least one role.</p>}
    </fieldset>
  );
}
