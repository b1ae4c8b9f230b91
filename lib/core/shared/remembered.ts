const MAX_LENGTH = 256;

/**
 * A pure function of a text that remembers its latest answers, so that what is asked again and again is worked out once.
 *
 * @param most how many answers are kept; with one more, all are forgotten, which costs time and changes nothing
 */
export function remembered<T>(work: (text: string) => T, most = 2_000): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const answer = work(text);
    // Long texts are rare, and keeping them would let a caller choose how much memory this takes.
    if (text.length > MAX_LENGTH) return answer;
    if (known.size >= most) known.clear();
    known.set(text, answer);
    return answer;
  };
}
