// Search: what does not hold every word is put away; sentences of the articles are found as well.

const field = document.getElementById("search");
const found = document.getElementById("found");
const inArticles = document.getElementById("in-articles");
// What can be found: the last are lines of the smaller parts.
const ENTRIES = ".fact, .difference, .refusal, .source, #gone > ul > li, #quiet li, #unread li, #skipped li";
const MOST_SENTENCES = 30;
const MOST_LETTERS = 500; // of a sentence
const MOST_MARKS = 1000;
const WAIT_MS = 60;

let entries = null;
let waiting = 0;
let unfolded = [];

function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function wanted() {
  return folded(field.value).split(/\s+/u).filter(Boolean);
}

function textOf(element) {
  if (!element.matches(".fact")) return element.textContent;
  return [...element.querySelectorAll(".wording, .chip, q")].map((one) => one.textContent).join(" ");
}

function indexed() {
  entries ??= [...document.querySelectorAll(ENTRIES)].map((element) => {
    const headline = element.closest(".story")?.querySelector("h2").textContent ?? "";
    return { element, text: folded(`${textOf(element)} ${headline}`) };
  });
  return entries;
}

async function search() {
  const words = wanted();
  filter(words);
  const hits = await sentencesWith(words);
  if (words.join(" ") !== wanted().join(" ")) return; // another search has begun
  list(hits);
  tell(words, hits.length);
  mark(words);
}

function filter(words) {
  for (const one of unfolded.splice(0)) one.open = false;
  for (const { element, text } of indexed()) {
    element.hidden = !words.every((word) => text.includes(word));
    const fold = words.length && !element.hidden && element.closest("details:not([open])");
    if (fold) {
      unfolded.push(fold);
      fold.open = true;
    }
  }
  for (const part of document.querySelectorAll(".story, .part, .more")) {
    if (part !== inArticles) part.hidden = words.length > 0 && !holds(part);
  }
  for (const item of document.querySelectorAll(".contents li")) {
    const target = document.getElementById(item.querySelector("a").hash.slice(1));
    item.hidden = target?.hidden ?? false;
  }
}

function holds(part) {
  return part.querySelector(`:is(${ENTRIES}):not([hidden])`) !== null;
}

function tell(words, sentences) {
  const shown = (what) => document.querySelectorAll(`:is(${what}):not([hidden])`).length;
  const counted = (what, noun) => shown(what) && many(shown(what), noun);
  const facts = counted(".fact", "fact");
  const parts = [
    facts && `${facts} in ${counted(".story", "story")}`,
    counted(".conflict", "conflict"),
    counted(".update", "update"),
    counted(".refusal", "refused claim"),
    counted("#gone > ul > li, #quiet li, #unread li, #skipped li", "other line"),
    counted(".source", "source"),
    sentences && many(sentences, "sentence of the articles", "sentences of the articles"),
  ].filter(Boolean);
  found.textContent = words.length ? parts.join("; ") || "Nothing found" : "";
}

function many(number, noun, nouns = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : nouns}`;
}

// Mark the words where they stand, without touching the text (CSS Custom Highlight API).
function mark(words) {
  if (!CSS.highlights) return;
  CSS.highlights.delete("found");
  if (!words.length) return;
  const ranges = [];
  const shown = indexed().map((one) => one.element).filter((one) => !one.hidden);
  for (const element of [...shown, inArticles]) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() && ranges.length < MOST_MARKS) {
      ranges.push(...rangesIn(walker.currentNode, words));
    }
  }
  CSS.highlights.set("found", new Highlight(...ranges));
}

function rangesIn(node, words) {
  const text = node.data.toLowerCase();
  if (text.length !== node.data.length) return [];
  const ranges = [];
  for (const word of words) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, at + word.length);
      ranges.push(range);
      if (ranges.length >= MOST_MARKS) return ranges;
    }
  }
  return ranges;
}

async function sentencesWith(words) {
  if (!words.some((word) => word.length > 2)) return [];
  const hits = [];
  (await articles()).forEach((article, place) => {
    if (!article) return;
    article.folded ??= article.sentences.map(({ start, end }) => folded(visible(article.slice(start, end))));
    article.folded.forEach((text, index) => {
      if (words.every((word) => text.includes(word))) hits.push({ number: place + 1, index, article });
    });
  });
  return hits;
}

function list(hits) {
  inArticles.hidden = hits.length === 0;
  const more = hits.length > MOST_SENTENCES ? `, the first ${MOST_SENTENCES} of them` : "";
  const title = make("h2", "", "In the articles");
  const count = make("p", "meta", `${many(hits.length, "sentence")}${more}`);
  const items = hits.slice(0, MOST_SENTENCES).map(({ number, index, article }) => {
    const { start, end } = article.sentences[index];
    const link = make("a", "cite", `${number}:s${index + 1}`);
    link.href = `#source-${number}`;
    link.setAttribute("aria-label", `${number}:s${index + 1}, sentence ${index + 1} of source ${number}`);
    Object.assign(link.dataset, { source: number, start, end });
    return make("li", "", link, " ", make("bdi", "", cut(visible(article.slice(start, end)))));
  });
  inArticles.replaceChildren(title, count, make("ul", "", ...items));
}

function cut(text) {
  if (text.length <= MOST_LETTERS) return text;
  return `${Array.from(text.slice(0, 2 * MOST_LETTERS)).slice(0, MOST_LETTERS).join("")}…`;
}

function clearSearch() {
  if (!field.value) return false;
  field.value = "";
  search();
  return true;
}
