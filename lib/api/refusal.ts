/** Largest request body, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** A refusal that is about HTTP itself and has a status of its own. */
export class HttpRefusal extends Error {
  constructor(
    readonly status: 400 | 403 | 404 | 405 | 408 | 413 | 415,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What a body over the limit is answered, whether it said so first or was found to be. */
export const tooLarge = (most = MAX_BODY_BYTES) =>
  new HttpRefusal(413, "body_too_large", `The body may have at most ${most} bytes.`);

/** What a body that ends before its announced length is answered, should anybody still be there to read it. */
export const cutShort = () => new HttpRefusal(400, "body_cut_short", "The body ended before it was complete.");
