// The rows that a reader chose, as a file for a spreadsheet, which computes nothing in it.
globalThis.ledgerFile = (() => {
  "use strict";
  const FORMULA = /^[=+\-@]/;
  const PLAIN = /^[-+]?[0-9,]*\.?[0-9]+$/; // a number such as +48.8 or -1,000

  // A text as a cell: on one line, no formula, in quotes where it must.
  function cell(text) {
    const plain = text.replace(/\s+/g, " ").trim();
    const inert = FORMULA.test(plain) && !PLAIN.test(plain) ? `'${plain}` : plain;
    return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
  }

  const csv = (rows) => `${rows.map((row) => row.map(cell).join(",")).join("\n")}\n`;

  // Give the browser a file to keep; the mark at its start tells a spreadsheet that it is UTF-8.
  function save(name, rows) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", csv(rows)], { type: "text/csv;charset=utf-8" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  return { csv, save };
})();
