// What the theme's own scripts take away, or do with a library of 80 kB that this book does without.
(() => {
  "use strict";
  // The theme takes the focus from its buttons when they are pressed. Whoever uses the keys gets it back there,
  // at once, or when what the button opened closes.
  const BUTTONS = ".theme-switch-button, .search-button, .primary-toggle, .secondary-toggle";
  let opener = null;
  const pressed = (event) => {
    const button = event.target.closest(BUTTONS);
    if (!button) return;
    setTimeout(() => {
      if (document.querySelector("dialog[open]")) opener = button;
      else if (event.detail === 0) button.focus(); // by a key, not by a mouse
    });
  };
  const closed = () => {
    opener?.focus();
    opener = null;
  };
  document.addEventListener("click", pressed, true); // before the theme's
  document.addEventListener("close", closed, true);

  // The way back to the top appears when a reader of a long page turns round.
  document.addEventListener("DOMContentLoaded", () => {
    const up = document.getElementById("pst-back-to-top");
    let before = 0;
    addEventListener(
      "scroll",
      () => {
        up.style.display = scrollY < before && scrollY > innerHeight ? "block" : "none";
        before = scrollY;
      },
      { passive: true },
    );
    up.addEventListener("click", () => scrollTo(0, 0));
  });
})();
