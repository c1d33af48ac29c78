// A tile map whose measure and year a reader chooses, with the figure of an area on hover, focus, touch or by
// name. All figures, classes and words stand in the page, written by the run; this script only shows them.
(() => {
  "use strict";
  const made = (name, more) => Object.assign(document.createElement(name), more);
  const options = (words) => words.map((word) => made("option", { value: word, textContent: word }));

  const handle = (figure, at) => {
    const { names, places, maps } = JSON.parse(figure.dataset.maps);
    const tiles = new Map([...figure.querySelectorAll("a.tile")].map((tile) => [tile.title.split(": ")[0], tile]));
    const caption = figure.querySelector("figcaption");
    const keys = [...figure.querySelectorAll(".key > span")];
    const told = made("p", { className: "map-told" });
    told.setAttribute("role", "status");
    const measures = [...new Set(maps.map((map) => map.label))];
    const measure = made("select", {});
    const year = made("select", {});
    const area = made("input", { type: "text", autocomplete: "off" });
    const list = made("datalist", { id: `areas-${at}` });
    const form = made("div", { className: "map-choice" });
    const labelled = (words, field) => {
      const label = made("label", { textContent: words });
      label.append(field);
      return label;
    };
    measure.append(...options(measures));
    list.append(...options([...names].sort()));
    area.setAttribute("list", list.id);
    form.append(labelled("Measure", measure), labelled("Year", year), labelled("Your area", area), list);
    caption.after(form);
    figure.querySelector("ul").after(told);
    let shown = maps[0];
    let chosen = null;

    const say = (name) => {
      for (const tile of tiles.values()) tile.classList.remove("chosen");
      chosen = name;
      told.replaceChildren();
      if (!name) return;
      const tile = tiles.get(name);
      tile.classList.add("chosen");
      told.append(tile.title, ". ", made("a", { href: tile.href, textContent: `Page of ${name}` }));
    };
    const draw = () => {
      caption.textContent = shown.caption;
      names.forEach((name, area) => {
        const [kind, words, sign] = places[shown.where[area]];
        const tile = tiles.get(name);
        tile.className = `tile ${kind}`;
        tile.title = `${name}: ${shown.values[area]}${words}`;
        tile.setAttribute("aria-label", tile.title);
        tile.querySelector("span").textContent = sign;
      });
      keys.forEach((key, place) => {
        key.querySelector("i").textContent = `: ${shown.key[place]}`;
      });
      say(chosen);
    };
    const years = () => {
      const held = maps.filter((map) => map.label === measure.value);
      const wanted = year.value;
      year.replaceChildren(...options(held.map((map) => map.period)));
      if (held.some((map) => map.period === wanted)) year.value = wanted;
    };
    const choose = () => {
      shown = maps.find((map) => map.label === measure.value && map.period === year.value);
      draw();
    };
    measure.addEventListener("change", () => (years(), choose()));
    year.addEventListener("change", choose);
    area.addEventListener("input", () => {
      const typed = area.value.trim().toLowerCase();
      const found = names.filter((name) => name.toLowerCase().includes(typed));
      const exact = found.find((name) => name.toLowerCase() === typed);
      say(typed && (exact ?? (found.length === 1 ? found[0] : null)));
    });
    for (const [name, tile] of tiles) {
      let finger = false;
      tile.addEventListener("pointerdown", (event) => (finger = event.pointerType === "touch"));
      tile.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && say(name));
      tile.addEventListener("focus", () => !finger && say(name));
      // A finger's first touch shows the figure; the second, or the link below the map, opens the page.
      tile.addEventListener("click", (event) => {
        if (finger && chosen !== name) event.preventDefault();
        say(name);
        finger = false;
      });
    }
    years();
    draw();
  };

  document.querySelectorAll("figure.tiles[data-maps]").forEach(handle);
})();
