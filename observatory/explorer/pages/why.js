"use strict";
/* The events behind a link. */
(function (linkages) {
  const { el, table, records, plain } = linkages;

  async function held(a, b) {
    const index = await linkages.load("why/index");
    const found = records(index.links).find((one) => one.a === a && one.b === b);
    return found && found.path;
  }

  async function show(view) {
    const [a, b] = [...view.ids].sort();
    if (!b) throw new Error("A link has two ends");
    const entries = await linkages.searchable();
    const first = entries.find((one) => one.code === a && one.kind !== "space"), second = entries.find((one) => one.code === b && one.kind !== "space");
    if (!first || !second) throw new Error(`No sector or region of the study has the code “${first ? b : a}”`);
    const name = (one) => plain(one.label), title = `${name(first)} – ${name(second)}`, path = await held(a, b);
    const ends = el("p", {}, "Go to ", el("a", { href: linkages.address.to(view, `${first.kind}s`, [a]) }, name(first)), " or ", el("a", { href: linkages.address.to(view, `${second.kind}s`, [b]) }, name(second)), ".");
    if (!path && view.run.served !== true) {
      return { kind: "Events behind a link", title, body: [ends, el("p", { class: "note" }, "These plain files hold the events of the heaviest links only; this one is not among them. With the run folder, this command lists its events:"),
        el("pre", {}, `linkages why RUN ${a} ${b}`)] };
    }
    const payload = await linkages.load(path || `why/${encodeURIComponent(a)}/${encodeURIComponent(b)}`);
    return { kind: "Events behind a link", title, body: [ends, counts(view, payload),
      table(view, chosen(view, payload.events), { title: `The events, newest first, ${view.sourceName}, ${view.periodName}`, about: payload.about, hide: ["a", "b"], links: {} })] };
  }

  /* The events of the chosen period and kind; an event of a year that two periods share is in both. */
  function chosen(view, data) {
    const at = (name) => data.columns.findIndex((column) => column.name === name), [year, kind] = [at("year"), at("source")];
    const [first, last] = view.period === linkages.address.EVER ? [-Infinity, Infinity] : view.period.split("-").map(Number);
    const fits = (row) => row[year] >= first && row[year] <= last && (view.source === "all" || row[kind] === view.source);
    return { ...data, rows: data.rows.filter(fits), missing: Math.max(0, (data.rows_in_all || 0) - data.rows.length) };
  }

  /* How many events there are in each period, by kind; kinds without any are left out. */
  function counts(view, payload) {
    const n = payload.counts.columns.findIndex((column) => column.name === "events");
    const data = { ...payload.counts, missing: 0, rows: payload.counts.rows.filter((row) => row[n] > 0) };
    return table(view, data, { title: "How many, by period and kind of event", about: payload.about });
  }

  linkages.pages.why = { under: "sectors", uses: () => ["period", "source"], ever: true, show };
})((window.linkages = window.linkages || {}));
