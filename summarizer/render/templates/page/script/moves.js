// Keys and clicks.

const help = document.getElementById("help");
const letters = document.getElementById("letters");

function stops() {
  return [...document.querySelectorAll(".fact, .difference")].filter(
    (one) => !one.closest("[hidden]") && !one.closest("details:not([open])"),
  );
}

function stopAtHand() {
  return stopOf(document.activeElement) ?? stopOf(opened?.link);
}

// Move to the next fact or difference, and take an open article along.
function move(by) {
  const all = stops();
  const at = all.indexOf(stopAtHand());
  const next = all[at < 0 ? firstInView(all) : at + by];
  if (!next) return;
  next.scrollIntoView({ block: "nearest" });
  const [first] = citations(next);
  const reading = opened !== null || pending;
  if (reading && narrow.matches) {
    if (first) open(first, { back: next }); // the page below cannot have the focus
    return;
  }
  next.focus({ preventScroll: true });
  if (reading && first) open(first, { focus: false, back: next });
}

function firstInView(all) {
  const found = all.findIndex((one) => one.getBoundingClientRect().top >= 0);
  return found < 0 ? all.length - 1 : found;
}

// Open the first citation of a fact, or the one after that which is open.
function read() {
  const stop = stopAtHand();
  const all = citations(stop);
  if (!all.length) return false;
  const at = opened ? all.indexOf(opened.link) : -1;
  const back = reader.contains(document.activeElement) ? opened?.back : stop;
  open(all[(at + 1) % all.length], { back });
  return true;
}

function isEntry(element) {
  return element?.matches("input:not([type=checkbox]), textarea, select, [contenteditable]") ?? false;
}

function showHelp() {
  help.showModal();
  help.querySelector("button").focus();
}

const LETTERS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => {
    if (opened && narrow.matches) leave();
    document.getElementById("search").focus();
  },
  "?": showHelp,
};

function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const focused = document.activeElement;
  if (event.key === "Escape") {
    const open = opened !== null;
    leave();
    if (!open && !clearSearch()) return;
  } else if (isEntry(focused)) {
    return;
  } else if (event.key === "Enter") {
    const ready = focused?.matches(".fact, .difference, #reader .here");
    if (!ready || !read()) return;
  } else if (letters.checked && Object.hasOwn(LETTERS, event.key)) {
    LETTERS[event.key]();
  } else {
    return;
  }
  event.preventDefault();
}

function click(event) {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a[data-source]");
  if (!link) return;
  event.preventDefault();
  open(link, { back: link });
}

// A small window of the browser's own says what is cited, before anything is opened.
function preview(event) {
  const link = event.target.closest?.("a.cite[data-source]:not([title])");
  const quote = link && quoteOf(link)?.querySelector("q bdi");
  if (quote) link.title = quote.textContent;
}

// An address with the anchor of a quote opens its article.
function follow() {
  const target = document.getElementById(location.hash.slice(1)); // our anchors need no escapes
  if (target?.closest("[hidden]")) clearSearch();
  const link = target?.matches(".quotes li") && target.querySelector("a.cite");
  if (link) open(link, { back: link });
}
