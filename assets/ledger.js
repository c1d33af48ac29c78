// Filters and sorts the table of all claims. The choice lives in the address, so that a view can be shared.
(() => {
  "use strict";
  const form = document.querySelector("form.ledger-filter");
  const table = document.querySelector("table.ledger");
  if (!form || !table) return;

  const COLUMNS = ["claim", "source", "area", "tier", "printed", "derived", "verdict"];
  const RANKED = { tier: ["headline", "number", "context"] };
  const FILTERS = ["text", "verdict", "source", "area", "tier", "sort"];
  const compare = new Intl.Collator("en", { numeric: true }).compare;
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

  const first = (words) => {
    const found = /[-−]?\d[\d,]*(\.\d+)?/.exec(words);
    return found ? Number(found[0].replace("−", "-").replaceAll(",", "")) : null;
  };

  const KEYS = {
    printed: first,
    derived: first,
    tier: (words) => RANKED.tier.indexOf(words),
    verdict: (words) => RANKED.verdict.indexOf(words),
  };

  function sorted(order) {
    if (!order) return rows;
    const name = order.replace(/^-/, "");
    const way = order.startsWith("-") ? -1 : 1;
    const key = KEYS[name];
    const value = (item) => (key ? key(item.cell[name]) : item.cell[name]);
    return [...rows].sort((one, two) => {
      const [a, b] = [value(one), value(two)];
      if (a === null || b === null) return (a === null) - (b === null);
      return way * (key ? a - b : compare(a, b));
    });
  }

  function fits(item, choice, words) {
    return (
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
      status.textContent = `${shown} of ${rows.length} claims shown.`;
    }, 150);
    return choice;
  }

  function mark(order) {
    for (const head of table.tHead.rows[0].cells) {
      const name = head.dataset.sort;
      if (order.replace(/^-/, "") === name) {
        head.setAttribute("aria-sort", order.startsWith("-") ? "descending" : "ascending");
      } else {
        head.removeAttribute("aria-sort");
      }
    }
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

  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => {
      const name = head.dataset.sort;
      form.elements.sort.value = form.elements.sort.value === name ? `-${name}` : name;
      write(show());
    });
    head.replaceChildren(button);
  }
  form.addEventListener("input", () => write(show()));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => write(show())));
  addEventListener("popstate", read);
  form.hidden = false;
  read();
})();
