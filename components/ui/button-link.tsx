import type { ComponentProps } from "react";

import { buttonClass, type ButtonSize, type ButtonVariant } from "./button-class";
import { Link } from "./link";

type ButtonLinkProps = ComponentProps<typeof Link> & {
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
};

/** A link that stands where a button would: it goes somewhere and changes nothing. */
export function ButtonLink({ variant = "plain", size = "md", className, ...rest }: ButtonLinkProps) {
  return <Link {...rest} className={buttonClass(variant, size, className)} />;
}
