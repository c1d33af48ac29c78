// Values of a chart by mouse, touch and keys. The marks and their words stand in the page, written by the
// run that drew the chart; this script only shows them. Without it picture, words and table stay as they are.
(() => {
  "use strict";
  const WHOLE = 1000; // marks stand in thousandths of the picture
  const FAR = 4; // in rows, the height counts more than what stands left or right
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const made = (name, kind, more) => Object.assign(document.createElement(name), { className: kind }, more);
  const listed = (value, many) => (Array.isArray(value) ? value : Array(many).fill(value));

  // Each series as a list of marks along the chart; a record says only what the one before did not.
  const read = ({ rows, marks }) => {
    let whole = {};
    return marks.map((record) => {
      whole = { ...whole, ...record };
      const [many, { s, x, y, w, v }] = [whole.v.length, whole];
      const across = listed(x, many);
      const down = listed(y, many);
      const series = v.map((says, at) => ({ s, w: w[at], says, x: across[at], y: down[at] }));
      return series.sort((a, b) => (rows ? a.y - b.y : a.x - b.x));
    });
  };
  const nearest = (series, distance) => series.reduce((a, b) => (distance(b) < distance(a) ? b : a));

  const handle = (chart) => {
    const data = JSON.parse(chart.dataset.marks);
    const lines = read(data);
    const all = lines.flat();
    const picture = chart.querySelector("figure img");
    const box = made("div", "marked");
    const words = chart.querySelector("figcaption span").textContent.replace(/\.$/, "");
    const keys = made("div", "marks", { tabIndex: 0, role: "application" });
    keys.setAttribute("aria-label", `${words}, its values: arrow keys walk through them, Escape closes`);
    const ring = made("span", "ring", { hidden: true });
    const told = made("p", "told", { role: "status" });
    const [value, name] = [made("b", ""), made("span", "")];
    picture.before(box);
    keys.append(ring);
    box.append(picture, keys, told);
    let now = null;

    const show = (mark) => {
      now = mark;
      ring.hidden = !mark;
      box.classList.toggle("open", Boolean(mark));
      if (!mark) return told.replaceChildren();
      value.textContent = mark.says;
      name.textContent = [mark.w, mark.s].filter(Boolean).join(", ");
      told.replaceChildren(value, " ", name);
      ring.style.left = `${(100 * mark.x) / WHOLE}%`;
      ring.style.top = `${(100 * mark.y) / WHOLE}%`;
      // Beside the mark, on the side that has more room, and never outside the picture.
      const { width, height } = picture.getBoundingClientRect();
      const at = (mark.x / WHOLE) * width;
      const left = at > width / 2 ? at - told.offsetWidth - 12 : at + 12;
      told.style.left = `${Math.max(0, Math.min(left, width - told.offsetWidth))}px`;
      const top = (mark.y / WHOLE) * height - told.offsetHeight - 10;
      told.style.top = `${top < 0 ? (mark.y / WHOLE) * height + 14 : top}px`;
    };
    const pointed = (event) => {
      const { left, top, width, height } = picture.getBoundingClientRect();
      const x = ((event.clientX - left) / width) * WHOLE;
      const y = ((event.clientY - top) / height) * WHOLE;
      const weight = (height / width) * (data.rows ? FAR : 1);
      show(nearest(all, (mark) => Math.hypot(mark.x - x, (mark.y - y) * weight)));
    };

    // Along the series by one pair of keys, from series to series by the other.
    const step = ([across, down]) => {
      const [along, over] = data.rows ? [down, across] : [across, down];
      if (!now) return lines[0][0];
      const line = lines.findIndex((series) => series.includes(now));
      if (along || lines.length === 1) {
        const to = lines[line].indexOf(now) + (along || over);
        return lines[line][Math.max(0, Math.min(to, lines[line].length - 1))];
      }
      const other = lines[(line + over + lines.length) % lines.length];
      const side = data.rows ? "y" : "x";
      return nearest(other, (mark) => Math.abs(mark[side] - now[side]));
    };
    keys.addEventListener("keydown", (event) => {
      const ends = { Home: 0, End: -1 };
      if (event.key in STEPS) show(step(STEPS[event.key]));
      else if (event.key in ends) show((lines.find((series) => series.includes(now)) ?? lines[0]).at(ends[event.key]));
      else return;
      event.preventDefault();
    });
    keys.addEventListener("focus", () => keys.matches(":focus-visible") && show(now ?? lines[0][0]));
    keys.addEventListener("blur", () => show(null));

    box.addEventListener("pointermove", pointed);
    box.addEventListener("pointerdown", pointed);
    box.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && document.activeElement !== keys) show(null);
    });
    document.addEventListener("pointerdown", (event) => now && !box.contains(event.target) && show(null));
    document.addEventListener("keydown", (event) => event.key === "Escape" && now && show(null));
  };

  document.querySelectorAll(".chart[data-marks]").forEach(handle);
})();
