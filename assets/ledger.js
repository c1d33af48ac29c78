// Filters and sorts the table of all claims. The choice lives in the address, so that a view can be shared.
(() => {
  "use strict";
  const form = document.querySelector("form.ledger-filter");
  const table = document.querySelector("table.ledger");
  if (!form || !table) return;

  const COLUMNS = ["claim", "source", "area", "tier", "printed", "derived", "held", "verdict"];
  const RANKED = { tier: ["headline", "number", "context"] };
  const FILTERS = ["text", "held", "verdict", "source", "area", "tier", "sort"];
  const status = document.querySelector(".ledger-count");
  const body = table.tBodies[0];
  RANKED.verdict = [...form.elements.verdict.options].map((option) => option.value);

  const titles = new Map([...form.elements.source.options].map((option) => [option.value, option.text]));
  const rows = [...body.rows].map((row) => {
    const words = [...row.cells].map((cell) => cell.textContent.trim());
    const link = row.cells[0].querySelector("a").getAttribute("href");
    const cell = Object.fromEntries(COLUMNS.map((name, at) => [name, words[at]]));
    cell.verdict = cell.verdict.replace(/^\S+\s+/, "");
    return { row, cell, nation: row.dataset.nation || cell.area, text: `${words.join(" ")} ${link}`.toLowerCase() };
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
    const name = order.replace(/^-/, "");
    const key = KEYS[name] || ((words) => words);
    return sorting.sorted(rows, (item) => key(item.cell[name]), way(order));
  }

  function fits(item, choice, words) {
    return (
      (!choice.held || item.cell.held.split(",")[0] === choice.held) &&
      (!choice.verdict || item.cell.verdict === choice.verdict) &&
      (!choice.source || item.cell.source === titles.get(choice.source)) &&
      (!choice.area || item.cell.area === choice.area || item.nation === choice.area) &&
      (!choice.tier || item.cell.tier === choice.tier) &&
      words.every((word) => item.text.includes(word))
    );
  }

  let announce;
  let shownOrder = "";
  function show() {
    const choice = Object.fromEntries(FILTERS.map((name) => [name, form.elements[name].value]));
    const words = choice.text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of rows) {
      item.row.hidden = !fits(item, choice, words);
      shown += item.row.hidden ? 0 : 1;
    }
    if (choice.sort !== shownOrder) body.append(...sorted(choice.sort).map((item) => item.row));
    shownOrder = choice.sort;
    mark(choice.sort);
    clearTimeout(announce); // one announcement after a burst of typing, not one a letter
    announce = setTimeout(() => {
      status.textContent = `${shown.toLocaleString("en")} of ${rows.length.toLocaleString("en")} claims shown.`;
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

  function read() {
    const query = new URLSearchParams(location.search);
    for (const name of FILTERS) form.elements[name].value = query.get(name) || "";
    for (const name of FILTERS) {
      if (form.elements[name].selectedIndex === -1) form.elements[name].value = ""; // an unknown choice shows all
    }
    show();
  }

  sorting.buttons(table, (head) => {
    const name = head.dataset.sort;
    form.elements.sort.value = form.elements.sort.value === name ? `-${name}` : name;
    write(show());
  });
  form.addEventListener("input", () => write(show()));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => write(show())));
  addEventListener("popstate", read);
  form.hidden = false;
  read();
})();
