"use strict";
/* What the data are worth; how the numbers are made; the files. */
(function (linkages) {
  const { el, table, lacking } = linkages;
  const QUALITY = { ledger: "What became of every row", coverage: "How much of each file is used and has a region", unmatched: "What found no code, the heaviest first", gates: "Limits that the study sets itself", rejects: "What was set aside, by reason", placed: "How places were found" };

  async function quality(view) {
    const payload = await linkages.load("quality");
    return { title: "How good are the data?", body: [
      el("p", { class: "lead" }, "Nothing is lost without a number: rows read are rows used and rows set aside, by reason."),
      linkages.figuresOf(view, "quality", null),
      lacking(payload),
      ...Object.entries(QUALITY).map(([name, title]) => payload[name] && payload[name].columns.length > 0 && table(view, payload[name], { title, about: payload.about, first: 20, none: "none" })),
      (payload.notes || []).length > 0 && [el("h2", {}, "Notes"), el("ul", {}, payload.notes.map((note) => el("li", {}, String(note))))],
    ].flat() };
  }

  const plainList = (rows) => el("dl", { class: "plain" }, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  const folded = (title, inside) => el("details", {}, el("summary", {}, title), inside);

  /* A file's name leads to it where the site or the server holds it. */
  function files(view, payload) {
    return table(view, payload.files, { title: "Files of the run", about: payload.about, file: { file: "path" } });
  }

  async function show(view) {
    const [downloads, method] = await Promise.all([linkages.load("downloads"), linkages.load("method")]);
    const pairs = (list) => plainList((list || []).map((one) => [one.name, one.value]));
    return { title: "Methods and downloads", body: [
      el("p", { class: "lead" }, "How the numbers are made, with which settings, from which files; and all of it to take away."),
      el("h2", {}, "How the numbers are made"), ...method.paragraphs.map((text) => el("p", {}, text)),
      (method.citations || []).length > 0 && folded("Citations", el("ul", {}, method.citations.map((one) => el("li", {}, [one.who, one.what, one.doi].filter(Boolean).join(" "))))),
      folded("Settings of the study", pairs(method.settings)), folded("Versions", pairs(method.versions)),
      folded("Reference tables and their licences", plainList((method.cards || []).map((card) => [card[0], card.slice(1).join("; ")]))),
      el("h2", {}, "Files"), files(view, downloads),
      view.run.inputs && table(view, view.run.inputs, { title: "Files that were read", about: view.run.about }),
      el("h2", {}, "Data for programs"), el("p", {}, "Everything on these pages is read from JSON files beside them, described in ", el("a", { href: "api/v1/openapi.json" }, "api/v1/openapi.json"), "."),
    ] };
  }

  linkages.pages.quality = { nav: "Data quality", uses: () => [], show: quality };
  linkages.pages.methods = { nav: "Methods and downloads", uses: () => [], show };
})((window.linkages = window.linkages || {}));
