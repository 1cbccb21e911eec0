"use strict";
/* What changed between the periods: links, spaces, members. */
(function (linkages) {
  const { el, number, table, records, only, plain } = linkages;
  const CLASSES = { growing: ["Growing", "a larger share of all events than before, surely", "#0072B2"], emerging: ["Emerging", "none before", "#009E73"],
    declining: ["Declining", "a smaller share of all events than before, surely", "#D55E00"], vanished: ["Vanished", "none since", "#AA4499"], steady: ["Steady", "no sure change", "#8A8A8A"] };
  const DRAWN = 9;

  function chart(view, rows, level) {
    const told = ["growing", "declining"].flatMap((name) => rows.filter((row) => row.class === name)
      .sort((a, b) => Math.max(b.n1, b.n2) - Math.max(a.n1, a.n2)).slice(0, DRAWN)
      .map((row) => ({ source: row.a, target: row.b, label: `${plain(row.a_label ?? row.a)} – ${plain(row.b_label ?? row.b)}`, before: row.n1, after: row.n2, group: CLASSES[name][0], colour: CLASSES[name][2] })));
    if (!told.length) return null;
    const drawn = level === "sector" ? told : told.map(({ source, target, ...row }) => row);
    const [first, last] = [view.run.periods[0], view.run.periods[view.run.periods.length - 1]].map((one) => one.label);
    return linkages.figure(view, linkages.steps(drawn, { title: "Links that surely grew or declined", subtitle: `events; ring ${first}, dot ${last}; ${view.sourceName}; those with most events`,
      source: `${view.run.title}: change/${level}__${view.source}.`, unit: "events", before: first, after: last }), "sectors");
  }

  function classes(view, rows) {
    const chosen = view.choices.class, count = (name) => rows.filter((row) => row.class === name).length;
    const button = (name, words) => el("button", { type: "button", "aria-pressed": String((chosen || "") === name), on: { click: () => {
      window.location.hash = linkages.address.same(view, { class: name });
    } } }, words);
    return el("div", { class: "set", role: "group", "aria-label": "Which links" }, button("", `All ${number(rows.length)}`),
      Object.entries(CLASSES).map(([name, [words]]) => count(name) > 0 && button(name, `${words} ${number(count(name))}`)));
  }

  async function show(view) {
    if (view.run.periods.length < 2) return { title: "What changed?", body: [el("p", {}, "The study has one period; there is nothing to compare.")] };
    const level = view.choices.level === "region" ? "region" : "sector";
    await linkages.colours();
    const payload = await linkages.load(`change/${level}__${view.source}`);
    const rows = records(payload.links), chosen = CLASSES[view.choices.class] ? view.choices.class : null;
    const data = chosen ? only(payload.links, { class: chosen }) : payload.links;
    const links = { a: `${level}s`, b: `${level}s` };
    const ends = (row, at) => ({ a: at("a"), b: at("b"), said: `${plain(at("a_label"))} and ${plain(at("b_label"))}`, of: { period: linkages.address.EVER } });
    const of = (name, title) => payload[name] && payload[name].columns.length > 0 && table(view, payload[name], { title, about: payload.about, links, hide: ["p", "low", "high"] });
    const levels = [["sector", "between sectors"], ["region", "between regions"]].map(([id, words]) => el("button", { type: "button", "aria-pressed": String(level === id),
      on: { click: () => { window.location.hash = linkages.address.same(view, { level: id, class: "" }); } } }, `Links ${words}`));
    return { title: "What changed?", body: [
      el("p", { class: "lead" }, `${view.run.periods[0].label} and ${view.run.periods[view.run.periods.length - 1].label} compared. A link grew or declined only where its share of all ${level === "sector" ? "events, also those within one sector," : "cross-sectoral events"} surely moved (q < 0.05): it may decline while its events rise.`),
      el("div", { class: "set", role: "group", "aria-label": "Level" }, levels),
      chart(view, rows, level),
      level === "sector" && linkages.figuresOf({ ...view, period: null }, "change", null),
      linkages.lacking(payload),
      classes(view, rows),
      el("p", { class: "note" }, Object.entries(CLASSES).map(([, [name, words]]) => `${name}: ${words}`).join("; "), "."),
      table(view, data, { title: `Links of ${level}s compared, ${view.sourceName}`, about: payload.about, links, hide: ["p"], events: ends }),
      of("spaces", "What became of the spaces"),
      of("members", "What became of each sector"),
      of("areas", `${level === "sector" ? "Sectors" : "Regions"} by how their share of all cross-sectoral events changed`),
    ] };
  }

  linkages.pages.change = { nav: "Change", uses: () => ["source"], show };
})((window.linkages = window.linkages || {}));
