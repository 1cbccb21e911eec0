"use strict";
/* Collaboration spaces: all of a period, and each with its members, links, regions, tiers and history. */
(function (linkages) {
  const { el, tag, number, share, table, records, only, plain, counted } = linkages;

  const LONG = 400;

  async function all(view) {
    const payload = await linkages.load("spaces"), here = only(payload.spaces, { period: view.period, source: view.source });
    const cards = records(here).map((one) => el("li", { hue: one.hue },
      el("h2", {}, tag(one.letter, one.hue), " ", el("a", { href: linkages.address.to(view, "spaces", [one.space]) }, plain(one.space_label))),
      el("p", {}, [counted(one.sectors, "sector"), typeof one.share_inside === "number" && `${share(one.share_inside)} of their linkages stay inside`,
        typeof one.stability === "number" && `stability ${share(one.stability)}`].filter(Boolean).join(" · "))));
    return { title: "Collaboration spaces", body: [
      el("p", { class: "lead" }, "Groups of sectors that work with each other more than with the others. A space keeps its letter and colour from period to period."),
      cards.length ? el("ul", { class: "spaces" }, cards) : el("p", { class: "note" }, `No spaces of ${view.sourceName} in ${view.periodName}.`),
      // The matrix is of the last period and all sources.
      view.source === "all" && view.period === view.run.periods[view.run.periods.length - 1].id && linkages.figuresOf(view, "spaces", "sectors"),
      table(view, here, { title: `Spaces, ${view.sourceName}, ${view.periodName}`, about: payload.about }),
    ] };
  }

  /* The space as it is in the chosen period and source; else where it is first. */
  function appearance(view, every) {
    const fits = (one) => (view.choices.period ? one.period === view.period : true) && (view.choices.source ? one.source === view.source : true);
    return every.find(fits) || every.find((one) => one.period === view.period) || every[0];
  }

  /* The spaces of the same line, all sources, period by period. */
  function line(view, payload, here) {
    const steps = (payload.line || []).filter((one) => one.source === here.source).sort((a, b) => a.period.localeCompare(b.period))
      .map((one) => el("li", {}, tag(one.letter, one.hue), ` ${linkages.years(one.period)}: `, one.space === payload.id ? "this one"
        : el("a", { href: linkages.address.to(view, "spaces", [one.space], { period: one.period, source: one.source }) }, plain(one.space_label)), ` (${counted(one.sectors, "sector")})`));
    return steps.length > 1 || here.change_in_words ? [el("h2", {}, "What became of it"), steps.length ? el("ul", { class: "steps" }, steps) : null, told(words(here.change_in_words))] : [];
  }

  /* A long account is folded. */
  function told(text) {
    return text.length > LONG ? el("details", {}, el("summary", {}, `${text.slice(0, text.indexOf(". ") + 1) || "In words"} More …`), el("p", {}, text)) : el("p", {}, text);
  }

  function words(said) {
    return [said].flat().filter((one) => typeof one === "string").join(" ");
  }

  function chart(view, payload, here, members) {
    const rows = members.map((one) => ({ node: one.sector, page: "sectors", label: plain(one.sector_label), value: one.strength_inside, group: null }));
    if (!rows.length) return null;
    const made = linkages.bars(rows.sort((a, b) => b.value - a.value), { title: `Sectors of ${plain(payload.name)}`, subtitle: `weight of their links within the space; ${here.network_title}`,
      source: `${view.run.title}: ${here.network}.`, unit: "weight of links within the space" });
    made.spec.vconcat[0].layer[0].encoding.color = { value: linkages.hueOf(here.letter, here.hue) };
    return linkages.figure(view, made, "sectors");
  }

  async function single(view) {
    const id = view.ids[0], known = records((await linkages.load("spaces")).spaces).find((one) => one.space === id);
    if (!known) throw new Error(`No space of the study has the id “${id}”`);
    const payload = await linkages.load(known.path), here = appearance(view, payload.appearances);
    const cut = (name, more) => payload[name] && payload[name].columns.length > 0 && only(payload[name], { network: here.network, period: here.period, source: here.source, ...more });
    const of = (name, title, options, more) => cut(name, more) && table(view, cut(name, more), { title, about: payload.about, first: 10, ...options });
    const ends = (row, at) => { const [a, b] = [at("a"), at("b")].sort(); return at("why") && { a, b, said: `${plain(at("a_label"))} and ${plain(at("b_label"))}`, of: { period: here.period, source: here.source } }; };
    const elsewhere = payload.appearances.filter((one) => one !== here).map((one) => one.network_title);
    return { kind: `Collaboration space: ${here.network_title}`, title: plain(payload.name), body: [
      el("ul", { class: "facts" }, el("li", {}, tag(here.letter, linkages.hueOf(here.letter, here.hue))), el("li", {}, el("b", {}, number(here.members.length)), "sectors"),
        typeof here.share_inside === "number" && el("li", {}, el("b", {}, share(here.share_inside)), "of their linkages stay inside"),
        typeof here.stability === "number" && el("li", {}, el("b", {}, share(here.stability)), "stability in the resamplings")),
      elsewhere.length > 0 && el("p", { class: "note" }, `The same sectors form a space in: ${elsewhere.join("; ")}.`),
      ...line(view, payload, here),
      chart(view, payload, here, records(cut("members"))),
      of("members", "Its sectors", { hide: ["leans_to"], first: 30, order: ["sector"] }),
      of("links", "Its strongest links", { events: ends, order: ["a", "b", "events"] }),
      el("div", { class: "two" }, el("div", {}, of("regions", "Regions with most of its events", {}, { where: "top" })),
        el("div", {}, of("between", "Pairs of regions that it joins", { labels: { region_a: "Region", region_b: "and" } }))),
      of("industries", "Industries in it", { order: ["industry"] }),
      of("tiers", "Star tiers of its industries in its regions"),
      payload.history && payload.history.rows.length > 0 && table(view, payload.history, { title: "From period to period, by kind of event", about: payload.about }),
    ] };
  }

  linkages.pages.spaces = { nav: "Spaces", uses: (view) => (view.ids.length ? [] : ["period", "source"]),
    show: async (view) => { await linkages.colours(); return view.ids.length ? single(view) : all(view); } };
})((window.linkages = window.linkages || {}));
