// The page of the search: reads the query of its address, shows what bookSearch finds, and again as the reader types.
(() => {
  "use strict";
  const SETS = [
    ["Pages", ["chapter", "part", "list", "entries"], 6],
    ["Figures, tables and boxes of the documents", ["figure"], 5],
    ["Claims, with their verdicts", ["claim"], 8],
    ["Councils and health boards", ["area"], 5],
    ["Terms", ["term"], 3],
  ];
  const WAIT = 200; // milliseconds after the last letter
  const field = document.querySelector(".bd-search-container input[name=q]");
  const results = document.getElementById("search-results");

  function element(name, words, classes) {
    const made = document.createElement(name);
    if (words) made.textContent = words;
    if (classes) made.className = classes;
    return made;
  }

  // One result: its title, where it stands, its verdict if it is a claim, what it says.
  function item(entry) {
    const row = element("li");
    const link = row.appendChild(element("a", entry.kind === "figure" ? `${entry.part}, ${entry.title}` : entry.title));
    link.href = entry.address;
    if (entry.kind !== "figure" && entry.part) row.append(" ", element("span", entry.part, "search-part"));
    if (entry.verdict) {
      const [classes, words] = entry.verdict.split("|");
      row.append(" ", element("span", words, `verdict ${classes}`));
    }
    if (entry.says) row.append(element("p", entry.says));
    return row;
  }

  // The results of one kind, best first; those past the first few when asked for.
  function set([title, kinds, few], found) {
    const mine = found.filter(({ kind }) => kinds.includes(kind));
    if (!mine.length) return [];
    const list = element("ul", "", "search");
    list.append(...mine.slice(0, few).map(item));
    const parts = [element("h2", title), list];
    if (mine.length > few) {
      const more = element("button", `Show ${mine.length - few} more`, "search-more");
      more.type = "button";
      more.addEventListener("click", () => {
        const rest = mine.slice(few).map(item);
        list.append(...rest);
        more.remove();
        rest[0].querySelector("a").focus();
      });
      parts.push(more);
    }
    return [{ best: mine[0], parts }];
  }

  // In which other words was looked, for a reader who typed a synonym or a slip.
  function also(asked) {
    const ways = asked.flatMap(({ names }) => names);
    return ways.length ? ` Also looked for: ${ways.join(", ")}.` : "";
  }

  function show(query) {
    const { found: kept, asked, nearly } = bookSearch.find(query);
    const first = kept.length === 1 ? "1 result" : `${kept.length.toLocaleString("en")} results`;
    const guess = nearly.length ? ` Read as: ${nearly.join(", ")}.` : "";
    const summary = element("p", `${first} for “${query}”.${guess}${also(asked)}`, "search-summary");
    summary.setAttribute("role", "status");
    const term = kept.find(({ kind, said }) => kind === "term" && said >= 1);
    const sets = SETS.flatMap((one) => set(one, kept.filter((entry) => entry !== term)));
    sets.sort((one, other) => kept.indexOf(one.best) - kept.indexOf(other.best));
    results.replaceChildren(summary, ...(term ? [meaning(term)] : []), ...sets.flatMap(({ parts }) => parts));
    if (!kept.length) results.append(nothing());
  }

  function meaning(term) {
    const line = element("p", "", "search-meaning");
    line.append(element("strong", term.title), `: ${term.says} `, link("Glossary", term.address));
    return line;
  }

  function link(words, address) {
    const made = element("a", words);
    made.href = address;
    return made;
  }

  function nothing() {
    const line = element("p", "Try fewer words or another word, or look in ");
    line.append(link("the table of all claims", "chapters/ledger/all.html"), ", ");
    line.append(link("the glossary", "chapters/methods/glossary.html"), " or ");
    line.append(link("the councils and health boards", "chapters/areas/index.html"), ".");
    return line;
  }

  // Let the page that a result leads to mark the words that were typed.
  results.addEventListener("click", (event) => {
    if (!event.target.closest("li a")) return;
    try {
      const marked = field.value.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) || [];
      localStorage.setItem("sphinx_highlight_terms", marked.filter((word) => !bookSearch.isIgnored(word)).join(" "));
    } catch (refused) { /* a browser that keeps nothing marks nothing */ }
  });

  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const query = field.value.trim();
      history.replaceState(null, "", query ? `?${new URLSearchParams({ q: query })}` : location.pathname);
      if (query) show(query);
      else results.replaceChildren();
    }, WAIT);
  });

  field.value = new URLSearchParams(location.search).get("q") || "";
  if (field.value.trim()) show(field.value.trim());
})();
