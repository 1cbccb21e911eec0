"use strict";
/* Spaces beside stars: are the strong also the linked? */
(function (linkages) {
  const { el, number, table, records, only } = linkages;

  const FIRST = ["Linked and a strong cluster", "Linked, not yet a strong cluster", "Strong cluster, few linkages", "Neither"];

  function quadrants(view, rows) {
    const order = (name) => FIRST.indexOf(name) + 1 || FIRST.length + 1;
    const names = [...new Set(rows.map((row) => row.quadrant))].filter(Boolean).sort((a, b) => order(a) - order(b) || a.localeCompare(b));
    const button = (name, words) => el("button", { type: "button", "aria-pressed": String((view.choices.quadrant || "") === name), on: { click: () => {
      window.location.hash = linkages.address.same(view, { quadrant: name });
    } } }, words);
    return el("div", { class: "set", role: "group", "aria-label": "Which industries in regions" }, button("", `All ${number(rows.length)}`),
      names.map((name) => button(name, `${name} ${number(rows.filter((row) => row.quadrant === name).length)}`)));
  }

  async function show(view) {
    await linkages.colours();
    const payload = await linkages.load("stars");
    const here = payload.quadrants && payload.quadrants.columns.length ? only(payload.quadrants, { period: view.period }) : null;
    const rows = records(here), chosen = rows.some((row) => row.quadrant === view.choices.quadrant) ? view.choices.quadrant : null;
    const scores = payload.stars, notes = payload.notes || [];
    return { title: "Are the strong also the linked?", body: [
      el("p", { class: "lead" }, "Industries of the collaboration spaces in the regions: how many linkages they have, and how many stars."),
      (payload.said || []).length > 0 && el("p", {}, payload.said.join(" ")),
      linkages.lacking(payload),
      linkages.figuresOf(view, "stars", "regions", { to: 1 }),
      rows.length ? quadrants(view, rows) : null,
      here ? table(view, chosen ? only(here, { period: view.period, quadrant: chosen }) : here, { title: `Industries of spaces in regions, ${view.periodName}${chosen ? `: ${chosen}` : ""}`, about: payload.about, hide: ["linked", "strong"], short: true, order: ["industry", "region", "space", "tier", "quadrant"] })
        : el("p", { class: "note" }, "The run sets no stars beside its spaces."),
      scores && scores.columns.length > 0 && table(view, scores, { title: "Star scores", about: payload.about, by: "total" }),
      linkages.figuresOf(view, "stars", "regions", { from: 1 }),
      notes.length > 0 && el("details", {}, el("summary", {}, "Notes on the star table"), el("ul", {}, notes.map((text) => el("li", {}, text)))),
    ] };
  }

  linkages.pages.stars = { nav: "Spaces beside stars", uses: () => ["period"], show };
})((window.linkages = window.linkages || {}));
