// The articles that the page carries, unpacked when one is first asked for. Their text is shown as
// text alone: nothing here, or in any of these files, makes markup of it.

// Characters that show nothing, or turn the direction of what follows, as render/escape.py has them.
const UNSEEN = /[\p{Cc}\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/gu;
const PILE = /(\p{M}{8})\p{M}+/gu;
const SURROGATES = /[\ud800-\udfff]/;

function visible(text) {
  const line = text.replace(/\s+/gu, " ").replace(UNSEEN, "").replace(PILE, "$1");
  return line.toWellFormed ? line.toWellFormed() : line;
}

class Article {
  constructor(record) {
    this.language = record.language;
    this.text = record.text;
    this.sentences = [...record.sentences].sort((one, other) => one.start - other.start);
  }

  // Offsets count code points, JavaScript counts halves of some.
  get points() {
    this.split ??= SURROGATES.test(this.text) ? Array.from(this.text) : false;
    return this.split;
  }

  get length() {
    return (this.points || this.text).length;
  }

  slice(start, end) {
    return this.points ? this.points.slice(start, end).join("") : this.text.slice(start, end);
  }

  // The places of the sentences that the characters from start to end touch: first, end exclusive.
  touched(start, end) {
    const first = this.sentences.findIndex((one) => one.end > start && one.start < end);
    if (first < 0) return [0, 0];
    let last = first;
    while (last < this.sentences.length && this.sentences[last].start < end) last += 1;
    return [first, last];
  }
}

let unpacking = null;
let unpackable = true;

// Resolves to the articles by source number - 1, null where one is not in the page.
function articles() {
  unpacking ??= unpacked(document.getElementById("article-data").textContent).catch(() => {
    unpackable = false; // a browser of before 2023
    return [];
  });
  return unpacking;
}

async function unpacked(json) {
  let data = JSON.parse(json);
  if (data.gzip) {
    const bytes = Uint8Array.from(atob(data.gzip), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    data = JSON.parse(await new Response(stream).text());
  }
  return data.articles.map((record) => record && new Article(record));
}
