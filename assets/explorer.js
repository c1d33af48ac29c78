// A result whose choices a reader turns. Every number, word and verdict stands in the page, computed by the run.
(() => {
  "use strict";
  const made = (name, more) => Object.assign(document.createElement(name), more);

  const handle = (box) => {
    const { controls, verdicts, results } = JSON.parse(box.dataset.explorer);
    const form = made("div", { className: "map-choice" });
    const fields = controls.map(([name, options], at) => {
      const label = made("label", { textContent: name });
      const select = made("select", {});
      select.append(...options.map((words, value) => made("option", { value, textContent: words })));
      select.value = results[0][0][at];
      label.append(select);
      form.append(label);
      return select;
    });
    const badge = box.querySelector(".verdict");
    const say = (kind, words) => {
      box.querySelector(`.${kind}`).textContent = words;
    };
    form.addEventListener("change", () => {
      const chosen = fields.map((field) => Number(field.value));
      const [, number, counts, verdict, note] = results.find(([set]) => set.every((option, at) => option === chosen[at]));
      say("number", number);
      say("counts", counts);
      say("note", note);
      badge.className = `verdict ${verdicts[verdict][0]}`;
      badge.textContent = verdicts[verdict][1];
    });
    box.querySelector(".result").before(form);
  };

  document.querySelectorAll(".explorer[data-explorer]").forEach(handle);
})();
