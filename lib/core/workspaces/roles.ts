/** What a person may do. A person may hold several; `admin` may do what the others may, except review. */
export const ROLES = ["viewer", "reviewer", "operator", "policy_admin", "admin"] as const;
