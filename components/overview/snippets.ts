/** Ways to put an agent behind Interlock. Each is complete but for the key. */
export type Snippet = { readonly id: string; readonly label: string; readonly text: string };

/** @param origin the address people and agents use, without a slash at the end */
export function snippetsFor(origin: string): readonly Snippet[] {
  return [
    {
      id: "cli",
      label: "Command line",
      text: `npx interlock agent create support-agent \\
  --task "Answer customers about their orders" \\
  --dri you@example.com --environment development \\
  --manifest support-agent.yaml`,
    },
    {
      id: "curl",
      label: "curl",
      text: `curl ${origin}/api/v1/decisions \\
  -H "Authorization: Bearer $INTERLOCK_KEY" -H "Content-Type: application/json" \\
  -d '{"session_id":"s-1","run_id":"r-1","tool":"read_customer_record",
       "args":{"customer_id":"C-88319","scope":["contact_info"]}}'`,
    },
    {
      id: "fetch",
      label: "TypeScript",
      text: `const answer = await fetch("${origin}/api/v1/decisions", {
  method: "POST",
  headers: { authorization: \`Bearer \${process.env.INTERLOCK_KEY}\`, "content-type": "application/json" },
  body: JSON.stringify({ session_id, run_id, tool: name, args }),
});
const { verdict, reasons } = await answer.json();
if (verdict !== "allow") throw new Error(reasons[0]?.message ?? verdict);`,
    },
  ];
}
