import { AppError } from "@/lib/core/shared/errors";
import { createSeats } from "@/lib/platform/seats";
import type { ServiceContext } from "@/lib/services/context";
import { workerOf } from "@/lib/services/take-turn";

/** How many files are made for one person at a time. */
const MOST_AT_ONCE = 2;
const seats = createSeats({ mostOfOne: MOST_AT_ONCE });

/**
 * A file that is made while it is sent.
 *
 * @throws {AppError} `over_limit` (`too_many_downloads`) for one who is being sent as many as one may be at a time
 */
export async function download(
  ctx: Pick<ServiceContext, "actor">,
  make: () => AsyncIterable<string> | Promise<AsyncIterable<string>>,
  { type, filename }: { readonly type: string; readonly filename: string },
): Promise<Response> {
  const end = seats.take(workerOf(ctx));
  if (typeof end === "string")
    throw new AppError("over_limit", `You have ${MOST_AT_ONCE} downloads under way. Wait until one has ended.`, {
      reason: "too_many_downloads",
    });
  const lines = await Promise.resolve(make()).catch((error: unknown) => {
    end();
    throw error;
  });
  const headers = {
    "content-type": `${type}; charset=utf-8`,
    "content-disposition": `attachment; filename="${filename}"`,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  return new Response(streamOf(lines, end), { headers });
}

/** A text as the one part of a download. */
export async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

function streamOf(lines: AsyncIterable<string>, end: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = lines[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await iterator.next();
        if (!next.done) return controller.enqueue(encoder.encode(next.value));
        controller.close();
        end();
      } catch (error) {
        end();
        throw error;
      }
    },
    async cancel() {
      end();
      await iterator.return?.();
    },
  });
}
