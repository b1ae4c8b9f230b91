import NextLink from "next/link";
import type { ComponentProps } from "react";

/**
 * A link inside the console that is fetched when it is followed.
 *
 * Next by itself asks the server for every page a link on screen leads to: a list of fifty rows is fifty requests.
 */
export function Link(props: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={false} {...props} />;
}
