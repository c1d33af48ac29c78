// Sorting for every table of the book: a button in each heading, by the first number in the cells or by words.
globalThis.sorting ??= (() => {
  "use strict";
  const compare = new Intl.Collator("en", { numeric: true }).compare;

  const number = (words) => {
    const found = /[-−]?\d[\d,]*(\.\d+)?/.exec(words);
    return found ? Number(found[0].replace("−", "-").replaceAll(",", "")) : null;
  };

  // Items in the order of a value, which is a number, words, or null where there is none: these come last.
  const sorted = (items, value, way) =>
    [...items].sort((one, two) => {
      const [a, b] = [value(one), value(two)];
      if (a === null || b === null) return (a === null) - (b === null);
      return way * (typeof a === "number" ? a - b : compare(a, b));
    });

  const headings = (table) => [...table.tHead.rows[0].cells];

  // A button in each heading of a table, which calls `press` with the heading.
  function buttons(table, press) {
    for (const head of headings(table)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => press(head));
      head.replaceChildren(button);
    }
  }

  // Say which column a table is sorted by, if any, and which way.
  function mark(table, sortedBy, way) {
    for (const head of headings(table)) head.removeAttribute("aria-sort");
    sortedBy?.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
  }

  function sort(table, at, way) {
    const cells = [...table.tBodies[0].rows].map((row) => [row, row.cells[at].textContent.trim()]);
    const numeric = at > 0 && cells.some(([, words]) => number(words) !== null);
    const value = ([, words]) => (numeric ? number(words) : words);
    table.tBodies[0].append(...sorted(cells, value, way).map(([row]) => row));
  }

  // Make the tables above this script sortable, each once.
  function prepare() {
    for (const table of document.querySelectorAll("table.sortable")) {
      if (table.tHead.querySelector("button")) continue;
      buttons(table, (head) => {
        const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        mark(table, head, way);
        sort(table, head.cellIndex, way);
      });
    }
  }

  return { number, sorted, headings, buttons, mark, prepare };
})();
sorting.prepare();
