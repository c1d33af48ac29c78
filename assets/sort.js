// Sorts tables by the column whose heading is pressed: by the first number in the cells, else by their words.
(() => {
  "use strict";
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  const number = (words) => {
    const found = /[-−]?\d[\d,]*(\.\d+)?/.exec(words);
    return found ? Number(found[0].replace("−", "-").replaceAll(",", "")) : null;
  };

  function sort(table, at, way) {
    const cells = [...table.tBodies[0].rows].map((row) => [row, row.cells[at].textContent.trim()]);
    const numeric = at > 0 && cells.some(([, words]) => number(words) !== null);
    cells.sort(([, one], [, two]) => {
      if (!numeric) return way * compare(one, two);
      const [a, b] = [number(one), number(two)];
      if (a === null || b === null) return (a === null) - (b === null); // no figure: always last
      return way * (a - b);
    });
    table.tBodies[0].append(...cells.map(([row]) => row));
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    if (heads[0].querySelector("button")) continue; // the page has more than one such table
    heads.forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sort(table, at, down ? -1 : 1);
      });
      head.replaceChildren(button);
    });
  }
})();
