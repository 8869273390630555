// Search: what does not hold every word is put away; sentences of the articles are found as well.

const field = document.getElementById("search");
const found = document.getElementById("found");
const inArticles = document.getElementById("in-articles");
const MOST_SENTENCES = 30;
const MOST_MARKS = 1000;
const WAIT_MS = 60;

let entries = null;
let waiting = 0;
let unfolded = [];

function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function textOf(element) {
  if (!element.matches(".fact")) return element.textContent;
  return [...element.querySelectorAll(".wording, .chip, q")].map((one) => one.textContent).join(" ");
}

function indexed() {
  entries ??= [...document.querySelectorAll(".fact, .difference, .refusal, .source")].map((element) => {
    const headline = element.closest(".story")?.querySelector("h2").textContent ?? "";
    return { element, text: folded(`${textOf(element)} ${headline}`) };
  });
  return entries;
}

function search() {
  const words = folded(field.value).split(/\s+/u).filter(Boolean);
  for (const one of unfolded.splice(0)) one.open = false;
  for (const { element, text } of indexed()) {
    element.hidden = !words.every((word) => text.includes(word));
    const fold = words.length && !element.hidden && element.closest("details:not([open])");
    if (fold) unfolded.push(fold), (fold.open = true);
  }
  for (const story of document.querySelectorAll(".story")) {
    story.hidden = words.length > 0 && !story.querySelector(".fact:not([hidden]), .difference:not([hidden])");
  }
  for (const fold of document.querySelectorAll(".more")) {
    fold.hidden = words.length > 0 && !fold.querySelector(".fact:not([hidden])");
  }
  tell(words);
  mark(words);
  searchArticles(words);
}

function tell(words) {
  const facts = document.querySelectorAll(".fact:not([hidden])").length;
  const stories = document.querySelectorAll(".story:not([hidden])").length;
  found.textContent = words.length ? `${many(facts, "fact")} in ${many(stories, "story")}` : "";
}

function many(number, noun) {
  if (number === 1) return `1 ${noun}`;
  return `${number.toLocaleString("en")} ${noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

// Mark the words where they stand, without touching the text (CSS Custom Highlight API).
function mark(words) {
  if (!CSS.highlights) return;
  CSS.highlights.delete("found");
  if (!words.length) return;
  const ranges = [];
  for (const { element } of indexed()) {
    if (element.hidden || ranges.length >= MOST_MARKS) continue;
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) ranges.push(...rangesIn(walker.currentNode, words));
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
    }
  }
  return ranges;
}

async function searchArticles(words) {
  const long = words.some((word) => word.length > 2);
  const all = long ? await articles() : [];
  if (words.join(" ") !== folded(field.value).split(/\s+/u).filter(Boolean).join(" ")) return;
  const hits = long ? sentencesWith(words, all) : [];
  inArticles.hidden = hits.length === 0;
  const more = hits.length > MOST_SENTENCES ? `, the first ${MOST_SENTENCES} of them:` : "";
  const title = make("h2", "kicker", `${many(hits.length, "sentence")} of the articles${more}`);
  const items = hits.slice(0, MOST_SENTENCES).map(({ number, index, article }) => {
    const { start, end } = article.sentences[index];
    const link = make("a", "cite", `${number}:s${index + 1}`);
    link.href = `#source-${number}`;
    Object.assign(link.dataset, { source: number, start, end });
    return make("li", "", link, " ", make("bdi", "", visible(article.slice(start, end)).slice(0, 500)));
  });
  inArticles.replaceChildren(title, make("ul", "", ...items));
}

function sentencesWith(words, all) {
  const hits = [];
  all.forEach((article, place) => {
    if (!article) return;
    article.folded ??= article.sentences.map(({ start, end }) => folded(visible(article.slice(start, end))));
    article.folded.forEach((text, index) => {
      if (words.every((word) => text.includes(word))) hits.push({ number: place + 1, index, article });
    });
  });
  return hits;
}

function clearSearch() {
  if (!field.value) return false;
  field.value = "";
  search();
  return true;
}
