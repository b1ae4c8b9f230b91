/**
 * Which engine decides: raised with every change by which `decide` gives some call another verdict, rule or amount to hold.
 *
 * Every decision's facts hold it. The verifier of another version can then say that it does not know, where without it an
 * honest record would look tampered with. What holds none was decided by the first.
 */
export const ENGINE = 8;
