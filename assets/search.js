// The book's search. It reads searchindex.js, which the build makes; words are parted as in search_words.py.
globalThis.bookSearch = (() => {
  "use strict";
  const WORD = /\d(?:[\d,]*\d)?(?:\.\d+)?(?![\p{L}\p{N}])|[\p{L}\p{N}]+/gu;
  const NUMBER = /^\d[\d,.]*$/;
  const SPELT = [
    [/['’‘`]/g, ""],
    [/&/g, " and "],
    [/(\d)(?:m|mn)(?![\p{L}\p{N}])/gu, "$1 million"],
    [/(\d)bn(?![\p{L}\p{N}])/gu, "$1 billion"],
    [/(\d)(?:s|pc|k|\+)(?![\p{L}\p{N}])/gu, "$1"],
  ];
  const LIKE = 0.85; // how much another way to say it counts
  const GUESSED = 0.6; // and a word that is nearly spelt so
  const HALF = 3; // the weight at which a word counts half of what it can
  // Areas come last unless the query names one; pages of entries give way to the claims on them.
  const KINDS = { chapter: 1, part: 0.75, figure: 0.8, term: 0.55, claim: 0.5, list: 0.4, entries: 0.35, area: 0.22 };
  const NAMED = 1.5; // an area that the query names, a claim that prints its number
  const PRINTED = 9; // the weight of what a claim prints
  const FITS = 0.6; // the part of a query that a result covers at least, beside the result that covers most
  const ANSWERS = 0.9; // the part of a query that its page covers at least where a phrase of it leads there
  const stemmer = new Stemmer();
  let book = null;

  function words(text) {
    let plain = text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
    for (const [pattern, by] of SPELT) plain = plain.replace(pattern, by);
    return (plain.match(WORD) || []).map((word) => (NUMBER.test(word) ? `n${word.replaceAll(",", "")}` : word));
  }

  const isNumber = (word) => /^n\d/.test(word);
  const stem = (word) => (isNumber(word) || word.length < 3 ? word : stemmer.stemWord(word));
  const stems = (text) => words(text).map(stem);

  // Read the index once, when the page has loaded it.
  function open(index) {
    const postings = new Map();
    for (const [word, pairs] of Object.entries(index.stems)) {
      const weights = new Map();
      for (let at = 0, entry = 0; at < pairs.length; at += 2) weights.set((entry += pairs[at]), pairs[at + 1]);
      postings.set(word, weights);
    }
    const alike = new Map();
    for (const ways of index.same) for (const way of ways) alike.set(way, ways);
    const longest = Math.max(...[...alike.keys()].map((way) => way.split(" ").length));
    const entries = index.entries.map(([kind, part, title, address, says, verdict]) => (
      { kind, part, title, address, says, verdict, titled: new Set(stems(title)) }
    ));
    const phrases = [...alike.keys(), ...Object.keys(index.pages)];
    const spelt = new Set(index.words);
    const known = new Set([...index.ignored, ...phrases.flatMap((phrase) => phrase.split(" "))]);
    book = { ...index, entries, postings, alike, longest, spelt, known, ignored: new Set(index.ignored) };
  }

  // The fewest letters to add, drop, change or swap to make one word of another, given up above a limit.
  function distance(one, other, limit) {
    if (Math.abs(one.length - other.length) > limit) return limit + 1;
    let [before, last] = [[], [...Array(other.length + 1).keys()]];
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++) {
        const same = one[i - 1] === other[j - 1];
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      if (Math.min(...row) > limit) return limit + 1;
      [before, last] = [last, row];
    }
    return last[other.length];
  }

  // The words of the book that a word unknown to it may stand for, the nearest first: two in one, begun, misspelt.
  function guesses(word) {
    for (let at = 3; at <= word.length - 3; at++) {
      const [head, tail] = [word.slice(0, at), word.slice(at)];
      if (book.spelt.has(head) && book.spelt.has(tail)) {
        return [{ name: `${head} ${tail}`, way: [stem(head), stem(tail)] }];
      }
    }
    const limit = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
    let [nearest, found] = [limit, []];
    for (const known of limit ? book.words : []) {
      const far = distance(word, known, nearest);
      if (far > nearest) continue;
      if (far < nearest) [nearest, found] = [far, []];
      found.push(known);
    }
    const begun = word.length > 3 ? book.words.filter((known) => known.startsWith(word)) : [];
    const ways = new Map();
    for (const known of [...found, ...begun]) if (!ways.has(stem(known))) ways.set(stem(known), known);
    return [...ways].map(([known, name]) => ({ name, way: [known] }));
  }

  const isKnown = (word) => book.postings.has(stem(word)) || book.known.has(stem(word));

  // A query's words, where two that the book writes as one are joined.
  function typed(query) {
    const found = [];
    for (const word of words(query)) {
      const joined = found.length && !isNumber(word) ? found.at(-1) + word : "";
      if (joined && book.postings.has(stem(joined)) && !(isKnown(found.at(-1)) && isKnown(word))) found.splice(-1, 1, joined);
      else found.push(word);
    }
    return found;
  }

  // What a query asks for: one group a word or known phrase, each the ways to say it with how much they count.
  function groups(query) {
    const said = typed(query);
    let spelt = said.map(stem);
    const [found, nearly] = [[], []];
    said.forEach((word, at) => {
      if (isKnown(word) || isNumber(word)) return;
      const near = guesses(word);
      nearly.push(...near.slice(0, 3).map(({ name }) => name));
      if (near.length === 1) spelt[at] = near[0].way.join(" ");
      else spelt[at] = { near };
    });
    spelt = spelt.flatMap((word) => (typeof word === "string" ? word.split(" ") : [word]));
    for (let at = 0; at < spelt.length; ) {
      if (typeof spelt[at] !== "string") {
        found.push({ said: null, names: [], ways: spelt[at].near.map(({ way }) => [way, GUESSED]) });
        at += 1;
        continue;
      }
      let size = Math.min(book.longest, spelt.length - at);
      const phrase = () => spelt.slice(at, at + size).join(" ");
      while (size > 1 && !book.alike.has(phrase())) size -= 1;
      const said = phrase();
      const like = (book.alike.get(said) || []).filter((way) => way !== said);
      if (like.length || !book.ignored.has(said)) {
        const ways = [[said.split(" "), 1], ...like.map((way) => [way.split(" "), LIKE])];
        const head = (book.alike.get(said) || [said])[0];
        found.push({ said, ways, names: head === said ? [] : [book.names[head]] });
      }
      at += size;
    }
    const plain = spelt.filter((word) => typeof word === "string");
    const asked = found.length ? found : plain.map((word) => ({ said: word, names: [], ways: [[[word], 1]] }));
    return { asked, spelt: plain, nearly };
  }

  // The weight of a group in each entry that has one of its ways whole, and how rare that is.
  function weighed({ ways }) {
    const weights = new Map();
    for (const [way, factor] of ways) {
      const lists = way.map((word) => book.postings.get(word) || new Map());
      const [shortest, ...rest] = lists.sort((one, other) => one.size - other.size);
      for (const [entry, first] of shortest) {
        if (!rest.every((list) => list.has(entry))) continue;
        const all = [first, ...rest.map((list) => list.get(entry))];
        const weight = (factor * all.reduce((sum, one) => sum + one, 0)) / all.length;
        weights.set(entry, Math.max(weights.get(entry) || 0, weight));
      }
    }
    return { weights, rare: Math.log(1 + book.entries.length / (1 + weights.size)) };
  }

  // The page that the list of search words gives for the whole query, in any order of its words.
  function known(spelt, asked) {
    const plain = spelt.filter((word) => !book.ignored.has(word)).join(" ");
    const heads = asked.map(({ said }) => (said && book.alike.has(said) ? book.alike.get(said)[0] : said)).join(" ");
    const keys = [spelt.join(" "), plain, heads];
    const key = keys.find((one) => one in book.pages);
    if (key !== undefined) return book.pages[key];
    const set = (text) => text.split(" ").sort().join(" ");
    const same = Object.keys(book.pages).find((one) => keys.some((text) => text && set(text) === set(one)));
    return same === undefined ? null : book.pages[same];
  }

  // The pages that the list gives for a phrase of the query.
  function partly(spelt) {
    const found = new Set();
    for (let at = 0; at < spelt.length; at++) {
      for (let end = at + 1; end <= Math.min(spelt.length, at + book.longest); end++) {
        const phrase = spelt.slice(at, end).join(" ");
        if (phrase in book.pages) found.add(book.pages[phrase]);
      }
    }
    return found;
  }

  // How much of a title the query says, in its own or other words.
  function titled(entry, asked) {
    const has = (word) => entry.titled.has(word);
    const said = asked.map(({ ways }) => ways.map(([way]) => way).find((way) => way.every(has) && !way.every((word) => book.ignored.has(word))));
    return said.reduce((sum, way) => sum + (way ? way.length : 0), 0) / Math.max(entry.titled.size, 1);
  }

  // Entries that answer a query, best first.
  function find(query) {
    const { asked, spelt, nearly } = groups(query);
    const all = asked.map(weighed);
    const total = all.reduce((sum, { rare }) => sum + rare, 0) || 1;
    const scores = new Map();
    all.forEach(({ weights, rare }, at) => {
      const number = isNumber(asked[at].said || "");
      for (const [entry, weight] of weights) {
        const score = scores.get(entry) || { sum: 0, has: 0, printed: false };
        score.sum += (rare * weight) / (weight + HALF);
        score.has += rare;
        score.printed ||= number && weight >= PRINTED;
        scores.set(entry, score);
      }
    });
    const [first, answers] = [known(spelt, asked), partly(spelt)];
    if (first !== null && !scores.has(first)) scores.set(first, { sum: 0, has: 0 });
    const found = [...scores].map(([number, { sum, has, printed }]) => {
      const entry = book.entries[number];
      const said = titled(entry, asked);
      let kind = KINDS[entry.kind];
      if ((entry.kind === "area" && said) || (entry.kind === "claim" && printed && has / total > 0.99)) kind = NAMED;
      if (entry.kind === "figure" && said >= 1) kind = 2 * NAMED; // "Figure 11", whole
      const covers = number === first ? 1 : Math.max(has / total, answers.has(number) ? ANSWERS : 0);
      const score = sum * covers ** 2 * kind * (1 + said / 2);
      return { ...entry, number, said, covers, score: number === first ? Infinity : score };
    });
    found.sort((one, other) => other.score - one.score || one.number - other.number);
    const most = Math.max(...found.map(({ covers }) => covers));
    return { found: found.filter(({ covers, score }) => score === Infinity || covers >= FITS * most), nearly, asked };
  }

  return { open, stems, find, spelt: () => book.words, isIgnored: (word) => book.ignored.has(stem(word)) };
})();
