import type http from "node:http";

import { decisionOperations } from "./decisions";
import { exchangeOfNode } from "./exchange";
import { latency } from "./latency";
import { perform } from "./serve";

const PATH = "/api/v1/decisions";
const decideOperation = declared();

/** Whether this is the one request worth a shorter way: an agent asking for a decision, with nothing in the query. */
export const isDecide = ({ method, url }: http.IncomingMessage) => method === "POST" && url === PATH;

/**
 * The same operation as everywhere, without a router and without web streams: building those costs more than deciding.
 */
export async function answerDecide(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const end = latency.startTimer();
  const reply = await perform(decideOperation, exchangeOfNode(request), {});
  if (reply instanceof Response) throw new Error("a decision is answered in full");
  end({ method: "POST", route: PATH, status: String(reply.status) });
  // What was not read will not be: the connection ends with the answer.
  const headers = request.complete ? reply.headers : { ...reply.headers, connection: "close" };
  response.writeHead(reply.status, { ...headers, "content-length": Buffer.byteLength(reply.text) }).end(reply.text);
}

/** Looked for once, when this loads: a server that cannot decide must not start. */
function declared() {
  const found = decisionOperations.find(({ method, path }) => method === "post" && path === PATH);
  if (!found) throw new Error("the decide operation is not declared");
  return found;
}
