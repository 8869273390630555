// What only a browser with scripts can do appears now.

root.classList.add("js");
document.querySelector(".search").hidden = false;
for (const keys of document.querySelectorAll("button.keys")) {
  keys.hidden = false;
  keys.addEventListener("click", showHelp);
}

document.addEventListener("keydown", press);
document.addEventListener("click", click);
document.addEventListener("pointerover", preview, { passive: true });
narrow.addEventListener("change", resized);
addEventListener("popstate", wentBack);
addEventListener("hashchange", follow);
help.querySelector("button").addEventListener("click", () => help.close());
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, WAIT_MS);
});

// On paper everything is open.
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details:not([open])")) {
    fold.open = true;
    fold.dataset.folded = "";
  }
});
addEventListener("afterprint", () => {
  for (const fold of document.querySelectorAll("details[data-folded]")) {
    fold.open = false;
    delete fold.dataset.folded;
  }
});

for (const source of document.querySelectorAll(".source[data-embedded]")) {
  const whole = button("whole", "Read the article", () => open(whole, { back: whole }));
  whole.dataset.source = source.dataset.source;
  whole.setAttribute("aria-label", `Read the article, source ${source.dataset.source}`);
  source.append(whole);
}
// On a phone the stories come first.
document.querySelector(".fold").open = !narrow.matches;
follow();
