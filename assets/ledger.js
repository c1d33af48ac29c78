// Filters and sorts the table of all claims. The choice lives in the address, so that a view can be shared.
(() => {
  "use strict";
  const form = document.querySelector("form.ledger-filter");
  const table = document.querySelector("table.ledger");
  if (!form || !table) return;

  const COLUMNS = ["claim", "source", "area", "tier", "printed", "derived", "held", "verdict"];
  const FILTERS = ["text", "held", "verdict", "source", "area", "tier", "figure", "chapter", "sort"];
  const FEW = 20; // claims at a time on a phone
  const NUMBERS = /\d[\d,]*(?:\.\d+)?/g;
  const NUMBER = /^[£$€(“"]*[-−+]?(\d[\d,]*(?:\.\d+)?)[%)”".,;]*$/;
  const phone = matchMedia("(max-width: 640px)");
  const status = document.querySelector(".ledger-count");
  const next = document.querySelector(".ledger-next");
  const body = table.tBodies[0];
  const values = (name) => [...form.elements[name].options].map((option) => option.value).slice(1);
  const RANKED = { tier: values("tier"), verdict: values("verdict") };

  const value = (digits) => Number(digits.replaceAll(",", ""));
  const titles = new Map([...form.elements.source.options].map((option) => [option.value, option.text]));
  const rows = [...body.rows].map((row) => {
    const words = [...row.cells].map((cell) => cell.textContent.trim());
    const cell = Object.fromEntries(COLUMNS.map((name, at) => [name, words[at]]));
    cell.verdict = cell.verdict.replace(/^\S+\s+/, "");
    const { at, nation = cell.area, figure = "", chapter = "" } = row.dataset;
    const spoken = [...words, figure].join(" ");
    const link = row.cells[0].querySelector("a").getAttribute("href");
    const text = `${spoken} ${link}`.toLowerCase();
    return { row, cell, at: Number(at), nation, figure, chapter, link, text, numbers: new Set((spoken.match(NUMBERS) || []).map(value)) };
  });

  const KEYS = {
    printed: sorting.number,
    derived: sorting.number,
    tier: (words) => RANKED.tier.indexOf(words),
    verdict: (words) => RANKED.verdict.indexOf(words),
  };

  const way = (order) => (order.startsWith("-") ? -1 : 1);

  function sorted(order) {
    if (!order) return rows;
    if (order === "document") return sorting.sorted(rows, (item) => item.at, 1);
    const name = order.replace(/^-/, "");
    const key = KEYS[name] || ((words) => words);
    return sorting.sorted(rows, (item) => key(item.cell[name]), way(order));
  }

  // What the reader typed as tests of a row: a number is looked for whole ("20 %" is not 120), a word in any place.
  function tests(typed) {
    const parts = typed.toLowerCase().split(/\s+/).filter((part) => /[\p{L}\p{N}]/u.test(part));
    return parts.map((part) => {
      const number = NUMBER.exec(part);
      return number ? (item) => item.numbers.has(value(number[1])) : (item) => item.text.includes(part);
    });
  }

  function fits(item, choice, typed) {
    return (
      (!choice.held || item.cell.held === choice.held || item.cell.held.startsWith(`${choice.held},`)) &&
      (!choice.verdict || item.cell.verdict === choice.verdict) &&
      (!choice.source || item.cell.source === titles.get(choice.source)) &&
      (!choice.area || item.cell.area === choice.area || item.nation === choice.area) &&
      (!choice.tier || item.cell.tier === choice.tier) &&
      (!choice.figure || item.figure === choice.figure) &&
      (!choice.chapter || item.chapter === choice.chapter) &&
      typed.every((test) => test(item))
    );
  }

  const count = (number) => number.toLocaleString("en");
  let announce;
  let shownOrder = "";
  let most = FEW;
  let chosen = [];
  function show() {
    const choice = Object.fromEntries(FILTERS.map((name) => [name, form.elements[name].value]));
    const typed = tests(choice.text);
    const ordered = sorted(choice.sort);
    chosen = ordered.filter((item) => fits(item, choice, typed));
    const shown = new Set(phone.matches ? chosen.slice(0, most) : chosen);
    for (const item of rows) item.row.hidden = !shown.has(item);
    if (choice.sort !== shownOrder) body.append(...ordered.map((item) => item.row));
    shownOrder = choice.sort;
    mark(choice.sort);
    next.hidden = shown.size === chosen.length;
    next.textContent = `Show ${Math.min(FEW, chosen.length - shown.size)} more`;
    form.elements.download.disabled = !chosen.length;
    clearTimeout(announce); // one announcement after a burst of typing, not one a letter
    announce = setTimeout(() => {
      const all = `${count(chosen.length)} of ${count(rows.length)} claims`;
      status.textContent = next.hidden ? `${all} shown.` : `${all}; the first ${count(shown.size)} are shown.`;
    }, 150);
    return choice;
  }

  function mark(order) {
    const name = order.replace(/^-/, "");
    sorting.mark(table, sorting.headings(table).find((head) => head.dataset.sort === name), way(order));
  }

  function write(choice) {
    const query = new URLSearchParams(Object.entries(choice).filter(([, value]) => value)).toString();
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
  }

  // A new choice starts with the first claims again.
  function chose() {
    most = FEW;
    write(show());
  }

  function read() {
    const query = new URLSearchParams(location.search);
    for (const name of FILTERS) form.elements[name].value = query.get(name) || "";
    for (const name of FILTERS) {
      if (form.elements[name].selectedIndex === -1) form.elements[name].value = ""; // an unknown choice shows all
    }
    show();
  }

  function download() {
    const heads = sorting.headings(table).map((head) => head.textContent.trim());
    const lines = chosen.map(({ cell, link, figure, chapter }) => (
      [...COLUMNS.map((name) => cell[name]), figure, chapter, new URL(link, location.href).href]
    ));
    ledgerFile.save("claims.csv", [[...heads, "Figure, table or box", "Chapter", "Address"], ...lines]);
  }

  sorting.buttons(table, (head) => {
    const name = head.dataset.sort;
    form.elements.sort.value = form.elements.sort.value === name ? `-${name}` : name;
    chose();
  });
  form.addEventListener("input", chose);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(chose));
  form.elements.download.addEventListener("click", download);
  next.addEventListener("click", () => {
    const first = chosen[most];
    most += FEW;
    show();
    first.row.querySelector("a").focus();
  });
  phone.addEventListener("change", show);
  addEventListener("popstate", read);
  form.querySelector("details").open = !phone.matches;
  form.hidden = false;
  read();
})();
