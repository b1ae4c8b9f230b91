/** Sends what a page says by itself, as JSON, also while the page goes away. @throws when there is no answer */
export function postBeat(href: string, body: object): Promise<Response> {
  return fetch(href, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    keepalive: true,
  });
}
