/** How an agent asks before it acts, in three languages, with the address of this installation. */
export function askSnippets(origin: string): readonly { readonly label: string; readonly text: string }[] {
  const url = `${origin}/api/v1/decisions`;
  return [
    {
      label: "TypeScript",
      text: `const answer = await fetch("${url}", {
  method: "POST",
  headers: { authorization: \`Bearer \${process.env.INTERLOCK_KEY}\`, "content-type": "application/json" },
  body: JSON.stringify({
    session_id: "ticket-1042",
    run_id: "run-1",
    tool: "send_customer_email",
    args: { to: "ann@example.com" },
  }),
}).then((response) => response.json());
if (answer.verdict !== "allow") throw new Error(answer.reasons[0]?.message); // run the tool only on "allow"`,
    },
    {
      label: "curl",
      text: `curl ${url} \\
  -H "authorization: Bearer $INTERLOCK_KEY" -H "content-type: application/json" \\
  -d '{"session_id":"ticket-1042","run_id":"run-1","tool":"send_customer_email","args":{"to":"ann@example.com"}}'`,
    },
    {
      label: "Python",
      text: `import os, requests

answer = requests.post("${url}", timeout=10,
    headers={"authorization": f"Bearer {os.environ['INTERLOCK_KEY']}"},
    json={"session_id": "ticket-1042", "run_id": "run-1", "tool": "send_customer_email",
          "args": {"to": "ann@example.com"}}).json()
if answer["verdict"] != "allow":  # run the tool only on "allow"
    raise SystemExit(answer["reasons"][0]["message"])`,
    },
  ];
}
