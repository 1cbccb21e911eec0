"use strict";
/* Where one was on a page: how far down, and how its tables were narrowed and sorted. Kept with the entry of the browser's history, so
   that going back finds the page as it was left; forward it begins anew. */
(function (linkages) {
  const WAIT = 6000, TOUCHES = ["wheel", "touchstart", "pointerdown", "keydown"];
  const left = new Map();
  const begun = Date.now().toString(36);
  let entries = 0, entry = null, tables = {}, settling = null;

  /* Keep how the page is left, under the entry that it was shown for. */
  function leave() {
    settling?.();
    if (entry !== null) left.set(entry, { top: window.scrollY, tables });
  }

  /* Come to the entry that the history stands at: give how it was left, null where it is new. */
  function arrive() {
    const known = window.history.state?.entry, held = known === undefined ? null : left.get(known) ?? window.history.state.held ?? null;
    entry = known ?? `${begun}-${(entries += 1)}`;
    if (known === undefined) window.history.replaceState({ entry }, "");
    tables = held ? held.tables : {};
    return held;
  }

  /* Go to where one was. Figures that are drawn later move what is below them: stay there until somebody moves the page. */
  function settle(top) {
    const go = () => window.scrollTo({ top, behavior: "instant" });
    const seen = new ResizeObserver(go);
    const done = () => { seen.disconnect(); window.clearTimeout(clock); for (const one of TOUCHES) window.removeEventListener(one, done); settling = null; };
    const clock = window.setTimeout(done, WAIT);
    for (const one of TOUCHES) window.addEventListener(one, done, { passive: true });
    settling = done;
    go();
    seen.observe(document.getElementById("main"));
  }

  /* How a table of the page was left, to be written to as it is changed. */
  function tableLeft(title) {
    tables[title] = tables[title] || {};
    return tables[title];
  }

  if ("scrollRestoration" in window.history) window.history.scrollRestoration = "manual";
  // A page that is loaded anew is where it was.
  window.addEventListener("pagehide", () => {
    leave();
    if (entry !== null) window.history.replaceState({ entry, held: left.get(entry) }, "");
  });

  Object.assign(linkages, { places: { leave, arrive, settle, tableLeft } });
})((window.linkages = window.linkages || {}));
