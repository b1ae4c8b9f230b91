/** Controls but tab and line feed, spaces that are not spaces, marks that are not drawn, lone surrogates, wide forms. */
const ODD = /[^\P{Cc}\t\n]|[^\P{Zs} ]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uff00-\uffef]/u;

/** Whether a text holds characters that are not what they look like, so that its readers may disagree about it. */
export const hasOddCharacters = (text: string) => ODD.test(text);
