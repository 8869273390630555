// The article beside the brief: opened by a citation, scrolled to the sentence it cites.

const root = document.documentElement;
const reader = document.getElementById("reader");
const narrow = matchMedia("(max-width: 61.99rem)");
const behind = document.querySelectorAll(".top, .contents, #main");

// What is open: the link or button that opened it, what it cites, where the focus goes back to.
let opened = null;
let asked = 0;
let stepped = false; // whether opening it made a step in the browser's history

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
  const article = (await articles())[link.dataset.source - 1];
  if (ticket !== asked) return; // another was asked for while this one was unpacked
  const cited = link.dataset.start === undefined ? null : [+link.dataset.start, +link.dataset.end];
  if (opened === null && narrow.matches) remember();
  unmark();
  opened = { link, back: reader.contains(back) ? opened?.back ?? link : back };
  link.classList.add("at");
  const body = make("div", "text");
  body.tabIndex = 0;
  body.setAttribute("role", "region");
  body.setAttribute("aria-label", "Text of the article");
  if (article?.language) body.lang = article.language;
  body.append(...(article ? paragraphs(article, cited, link.dataset.source) : quotes(link)));
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
  if (opened === null) return;
  asked += 1;
  const { back, link } = opened;
  unmark();
  opened = null;
  reader.hidden = true;
  root.classList.remove("reading");
  cover();
  (back && back.isConnected && back !== document.body ? back : link).focus();
}

function unmark() {
  opened?.link.classList.remove("at");
}

// On a narrow screen the article covers the page: what is behind cannot be reached meanwhile.
function cover() {
  const covered = opened !== null && narrow.matches;
  for (const element of behind) element.inert = covered;
  if (covered) reader.setAttribute("role", "dialog");
  else reader.setAttribute("role", "complementary");
  reader.toggleAttribute("aria-modal", false);
  if (covered) reader.setAttribute("aria-modal", "true");
}

// On a phone the way back is the way out of the article.
function remember() {
  try {
    history.pushState({ reading: true }, "");
    stepped = true;
  } catch {
    // A page inside another (a notebook) may have no history of its own.
  }
}

function leave() {
  if (stepped) history.back();
  else close();
}

function wentBack() {
  if (!stepped) return; // a link within the page
  stepped = false;
  close();
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
  const all = citations(link.closest(".fact, .difference"));
  const at = all.indexOf(link);
  if (all.length < 2 || at < 0) return [];
  const step = (by, label) =>
    button("", label, () => open(all[(at + by + all.length) % all.length]));
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
    if (lines.length) found.push(...lines.map((line) => make("p", "apart", line)), make("p", ""));
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

// Of an article that is not in the page: the sentence cited, or all that are.
function quotes(link) {
  const target = document.getElementById(link.getAttribute("href")?.slice(1) ?? "");
  const items = target?.matches(".quotes li") ? [target] : [...(target?.querySelectorAll(".quotes li") ?? [])];
  const found = items.map((item) => {
    const text = item.querySelector("q bdi")?.textContent ?? "";
    const piece = make(items.length === 1 ? "mark" : "span", items.length === 1 ? "here" : "", text);
    piece.tabIndex = -1;
    return make("p", "", piece);
  });
  return [...found, make("p", "apart", "This page holds the sentences that it cites, not the whole article.")];
}
