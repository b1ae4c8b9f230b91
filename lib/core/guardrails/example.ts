/** A guardrail for starting from. It is valid as it stands and fits any workspace. */
export const EXAMPLE_GUARDRAIL = `# What no agent may do, whatever its manifest says. It only takes away.
tools:
  blocked:
    - "drop_*"
    - "bulk_*"
  restricted:
    # Whoever deletes: two people first, at level 2.
    - name: "delete_*"
      requires_approval: true
      quorum: 2
      max_level: 2
execution:
  max_steps: 100
approval:
  separation_of_duties: true
  timeout_seconds: 3600
freezes:
  - name: "Year end"
    from: "2026-12-20T00:00:00Z"
    to: "2027-01-02T00:00:00Z"
    environments: ["production"]
    decide: deny
    except_reads: true
`;
