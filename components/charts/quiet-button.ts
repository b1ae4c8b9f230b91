/** A button that looks like a link in running text: what a chart offers must not outweigh what it shows. */
export const QUIET_BUTTON = "link inline-flex min-h-6 items-center pointer-coarse:min-h-11";
