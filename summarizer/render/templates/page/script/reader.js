// The article beside the brief: opened by a citation, scrolled to the sentence it cites.

const root = document.documentElement;
const reader = document.getElementById("reader");
const narrow = matchMedia("(max-width: 61.99rem)");
const behind = document.querySelectorAll(".skip, .top, .contents, #main");

// What is open: the link or button that opened it, what it cites, where the focus goes back to.
let opened = null;
let asked = 0;
let pending = false; // whether an article is asked for that is still being unpacked
let stepped = false; // whether opening it made a step in the browser's history
let address = ""; // of the page then
let leaving = false; // whether a step back is under way

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function button(className, label, action) {
  const element = make("button", className, label);
  element.type = "button";
  element.addEventListener("click", action);
  return element;
}

// Open the article of a link with data-source, and data-start and data-end where it cites.
async function open(link, { focus = true, back = document.activeElement } = {}) {
  const ticket = ++asked;
  pending = true;
  const article = (await articles())[link.dataset.source - 1];
  if (ticket !== asked) return; // another was asked for while this one was unpacked
  pending = false;
  const cited = link.dataset.start === undefined ? null : [+link.dataset.start, +link.dataset.end];
  const body = make("div", cited ? "text citing" : "text");
  body.tabIndex = 0;
  body.setAttribute("role", "region");
  body.setAttribute("aria-label", "Text of the article");
  if (article?.language) body.lang = article.language;
  for (const one of article ? paragraphs(article, cited, link.dataset.source) : quotes(link)) body.append(one);
  if (opened === null && narrow.matches) remember();
  unmark();
  opened = { link, back: reader.contains(back) ? opened?.back ?? link : back };
  link.classList.add("at");
  stopOf(link)?.classList.add("at");
  reader.replaceChildren(head(link), body);
  reader.hidden = false;
  root.classList.add("reading");
  cover();
  settle(body, focus);
}

// Scroll to the sentence, without moving the page below, and say it to who listens.
function settle(body, focus) {
  const here = body.querySelector(".here");
  const place = here ?? reader.querySelector(".title");
  if (here) {
    const above = here.getBoundingClientRect().top - body.getBoundingClientRect().top;
    const room = Math.max(24, (body.clientHeight - Math.min(here.offsetHeight, 200)) / 2.6);
    body.scrollTo({ top: body.scrollTop + above - room, behavior: "instant" });
  }
  if (focus) place.focus({ preventScroll: true });
}

function close() {
  asked += 1; // what is still being unpacked is not wanted any more
  pending = false;
  if (opened === null) return;
  const { back, link } = opened;
  unmark();
  opened = null;
  reader.hidden = true;
  root.classList.remove("reading");
  cover();
  // What opened it may have been put away since, by a search or with its fold.
  const places = [back, link, document.getElementById("main")];
  places.find((one) => one && one !== document.body && isShown(one)).focus();
}

function isShown(element) {
  return element.isConnected && (element.checkVisibility?.() ?? !element.closest("[hidden]"));
}

function unmark() {
  opened?.link.classList.remove("at");
  stopOf(opened?.link)?.classList.remove("at");
}

// The fact or difference that a citation belongs to.
function stopOf(link) {
  return link?.closest(".fact, .difference") ?? null;
}

// On a narrow screen the article covers the page: what is behind cannot be reached meanwhile.
function cover() {
  const covered = opened !== null && narrow.matches;
  for (const element of behind) element.inert = covered;
  reader.setAttribute("role", covered ? "dialog" : "complementary");
  if (covered) reader.setAttribute("aria-modal", "true");
  else reader.removeAttribute("aria-modal");
}

// On a phone the way back is the way out of the article.
function remember() {
  try {
    history.pushState({ reading: true }, "");
    stepped = true;
    address = location.href;
  } catch {
    // A page inside another (a notebook) may have no history of its own.
  }
}

function leave() {
  const back = stepped && location.href === address; // not over a link that was followed since
  stepped = false; // first: a second call must not go back twice
  close();
  if (!back) return;
  leaving = true;
  history.back();
}

function wentBack() {
  if (leaving) {
    leaving = false;
    // Another article was opened before the step back was done: it took that one's step along.
    if (stepped && opened) remember();
  } else if (stepped && location.href === address) {
    stepped = false;
    close();
  }
}

function resized() {
  if (opened && narrow.matches && !stepped) remember();
  cover();
}

// --- what is in it ---

function head(link) {
  const source = document.getElementById(`source-${link.dataset.source}`);
  const title = make("h2", "title", source?.querySelector("h3 bdi")?.textContent ?? "Untitled");
  title.tabIndex = -1;
  const kicker = make("p", "kicker", `Source ${link.dataset.source}`);
  const about = source?.querySelector(".meta")?.cloneNode(true) ?? "";
  const shut = button("close", "×", leave);
  shut.setAttribute("aria-label", "Close the article");
  return make("div", "reader-head", kicker, title, about, ...steps(link), shut);
}

// Where a fact has several citations: which one this is, and the way to the others.
function steps(link) {
  const all = citations(stopOf(link));
  const at = all.indexOf(link);
  if (all.length < 2 || at < 0) return [];
  // The focus stays on the button, so that it can be pressed again.
  const step = (by, label) =>
    button(label, label, async () => {
      await open(all[(at + by + all.length) % all.length], { focus: false });
      reader.querySelector(`.${label}`)?.focus();
    });
  const place = make("span", "", `citation ${at + 1} of ${all.length}`);
  return [make("p", "steps", step(-1, "Previous"), step(1, "Next"), place)];
}

function citations(stop) {
  return stop ? [...stop.querySelectorAll("a.cite")] : [];
}

function paragraphs(article, cited, number) {
  const [first, end] = cited ? article.touched(...cited) : [0, 0];
  const used = usedSentences(article, number);
  const found = [make("p", "")];
  const between = (start, stop) => {
    const text = article.slice(start, stop);
    if (/\n/.test(text) && found.at(-1).hasChildNodes()) found.push(make("p", ""));
    const lines = text.split("\n").map((line) => visible(line).trim()).filter(Boolean);
    for (const line of lines) found.push(make("p", "apart", line));
    if (lines.length) found.push(make("p", ""));
    else if (text && found.at(-1).hasChildNodes()) found.at(-1).append(" ");
  };
  let done = 0;
  article.sentences.forEach((sentence, index) => {
    if (sentence.start > done) between(done, sentence.start);
    const here = index >= first && index < end;
    const near = cited && end > 0 && (index === first - 1 || index === end);
    const piece = make(here ? "mark" : "span", here ? "here" : near ? "near" : "");
    if (used.has(index) && !here) piece.classList.add("cited");
    piece.append(visible(article.slice(sentence.start, sentence.end)));
    if (here) piece.tabIndex = -1;
    found.at(-1).append(piece);
    done = Math.max(done, sentence.end);
  });
  if (done < article.length) between(done, article.length);
  const shown = found.filter((one) => one.hasChildNodes());
  for (const one of shown) one.dir = "auto";
  return shown;
}

// The sentences of an article that any citation of the brief rests on.
function usedSentences(article, number) {
  const used = new Set();
  for (const link of document.querySelectorAll(`#source-${number} .quotes a.cite`)) {
    const [first, end] = article.touched(+link.dataset.start, +link.dataset.end);
    for (let index = first; index < end; index += 1) used.add(index);
  }
  return used;
}

// The quote of a citation below its source: one sentence may have several.
function quoteOf(link) {
  const { source, start, end } = link.dataset;
  if (start === undefined) return null;
  const cited = `a.cite[data-start="${start}"][data-end="${end}"]`;
  return document.querySelector(`#source-${source} .quotes ${cited}`)?.closest("li") ?? null;
}

// Of an article that is not in the page: the sentence cited, or all that are.
function quotes(link) {
  const one = quoteOf(link);
  const items = one ? [one] : [...document.querySelectorAll(`#source-${link.dataset.source} .quotes li`)];
  const found = items.map((item) => {
    const text = item.querySelector("q bdi")?.textContent ?? "";
    const piece = make(items.length === 1 ? "mark" : "span", items.length === 1 ? "here" : "", text);
    piece.tabIndex = -1;
    return make("p", "", piece);
  });
  const why = unpackable
    ? "This page holds the sentences that it cites, not the whole article."
    : "This browser cannot unpack the articles, so here are the sentences cited.";
  return [...found, make("p", "apart", why)];
}
