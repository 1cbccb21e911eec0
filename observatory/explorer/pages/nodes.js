"use strict";
/* Sectors and regions: all of them with their links, and each with what it is linked to. */
(function (linkages) {
  const { el, tag, number, share, table, records, only, plain, asked } = linkages;
  const KINDS = {
    sectors: { one: "sector", many: "sectors", title: "What works with what?", nav: "Sectors", groups: "collaboration spaces",
      lead: "Sectors that meet in one event are linked. A link is strong when it holds many events, or far more than chance would put there.",
      more: { spaces: "Its space in each period, by kind of event", change: "How its share of all cross-sectoral events changed", meets: "Regions where it meets others" } },
    regions: { one: "region", many: "regions", title: "Which regions are linked?", nav: "Regions", groups: "groups of regions",
      lead: "Regions are linked when an event that joins two sectors has participants in both.",
      more: { meets: "Sectors that meet there", stars: "Stars of its industries", spaces: "Its place in each period, by kind of event", change: "How its share of all cross-sectoral events changed", concentration: "How concentrated its events are" } },
  };
  const BARS = 15, FINE = ["p", "noise_corrected", "noise_corrected_sd", "disparity_p", "low", "high"];

  const network = (view, kind) => `${kind.one}__${view.source}__${view.period}`;

  /* Put the strongest first, by events or by how far they exceed chance. */
  function ranked(view, data) {
    const n = data.columns.findIndex((column) => column.name === view.method);
    return n < 0 ? data : { ...data, rows: [...data.rows].sort((a, b) => (b[n] ?? -1) - (a[n] ?? -1)) };
  }

  function ends(row, at) {
    return { a: at("a"), b: at("b"), said: `${plain(at("a_label"))} and ${plain(at("b_label"))}` };
  }

  function facts(list) {
    const told = list.filter(([value]) => value !== null && value !== undefined);
    return told.length ? el("ul", { class: "facts" }, told.map(([value, words]) => el("li", {}, el("b", {}, value), words))) : null;
  }

  async function all(view, level) {
    const kind = KINDS[level], name = network(view, kind);
    const [list, held] = await Promise.all([linkages.load(level), view.run.networks.has(name) ? linkages.load(`networks/${name}`) : null]);
    const sums = (held && held.summary) || {};
    const titled = (words) => `${words}, ${view.sourceName}, ${view.periodName}`;
    const at = (value) => (value === null || value === undefined ? null : number(value));
    const events = view.run.counted || "events";
    return { title: kind.title, body: [
      el("p", { class: "lead" }, kind.lead),
      facts([[at(held && held.nodes.rows.length), kind.many], [at(held && held.links.rows.length), "links"], [level === "sectors" ? at(sums.events) : null, events], [at(sums.cross_sectoral), `cross-sectoral ${events}`], [at(sums.k), kind.groups]]),
      linkages.figuresOf(view, level, level),
      held ? table(view, ranked(view, held.links), { title: titled(`Strongest links of ${kind.many}`), about: held.about, events: ends, hide: FINE })
        : el("p", { class: "note" }, `No network of ${kind.many} by ${view.sourceName} in ${view.periodName}.`),
      table(view, only(list.nodes, { period: view.period, source: view.source }), { title: titled(`All ${kind.many}`), about: list.about,
        labels: level === "regions" ? { space: "Space with most linkages there" } : {} }),
    ] };
  }

  function known(view, level, node) {
    if (!node) return el("p", { class: "note" }, `Not in the network of ${view.sourceName} in ${view.periodName}.`);
    const space = node.space && el("li", {}, tag(node.letter, linkages.hueOf(node.letter, node.hue)), " ", el("a", { href: linkages.address.to(view, "spaces", [node.space]) }, plain(node.space_label)),
      level === "regions" ? " has most linkages there" : "");
    // An event of three sectors is one event and two linkages of each.
    const meeting = typeof node.cross_sectoral === "number" ? [number(node.cross_sectoral), "cross-sectoral events"] : [number(node.linked_events), "linkages"];
    const made = facts([meeting, [number(node.within_events), level === "sectors" ? "events within the sector" : "events within the region"], [number(node.links), "links"]]);
    if (space) made.append(space);
    if (level === "sectors" && typeof node.stability === "number") made.append(el("li", {}, el("b", {}, share(node.stability)), `of the resamplings with its space (${node.role})`));
    return made;
  }

  /* Bars of the strongest linkages, each in the colour of the other's space. */
  function chart(view, level, payload, rows, around) {
    const value = view.method, unit = value === "events" ? "events" : "times what chance would give";
    const told = [...rows].sort((a, b) => (b[value] ?? 0) - (a[value] ?? 0)).slice(0, BARS).map((row) => {
      const other = around.get(row.other) || {}, letter = other.letter;
      return { node: row.other, page: level, label: plain(row.other_label ?? row.other), value: row[value], colour: letter ? linkages.hueOf(letter, other.hue) : "#D9D9D9",
        group: letter ? `${letter}  ${plain(other.space_label).split(" + ")[0]}` : "in no space" };
    });
    return told.length ? linkages.figure(view, linkages.bars(told, { title: `Whom ${plain(payload.label)} is linked to`, subtitle: `${unit}; ${view.sourceName}, ${view.periodName}; the colour is the other's space`,
      source: `${view.run.title}: ${network(view, KINDS[level])}.`, unit }), level) : null;
  }

  async function single(view, level) {
    const kind = KINDS[level], code = view.ids[0], list = await linkages.load(level), nodes = records(list.nodes).map((one) => ({ ...one, code: one[kind.one] }));
    const node = nodes.find((one) => one.code === code) || (await linkages.searchable()).find((one) => one.kind === kind.one && one.code === code);
    if (!node) throw new Error(`No ${kind.one} of the study has the code “${code}”`);
    const payload = await linkages.load(node.path), here = { period: view.period, source: view.source };
    const around = new Map(nodes.filter((one) => one.period === view.period && one.source === view.source).map((one) => [one.code, one]));
    const linked = only(payload.linkages, here);
    const other = (row, at) => { const [a, b] = [code, at("other")].sort(); return { a, b, said: `${plain(payload.label)} and ${plain(at("other_label"))}` }; };
    // Its place in every network is one table over all periods and sources.
    const chosen = (name, data) => (name === "spaces" ? data : only(data, name === "change" ? { source: view.source } : asked(data, view)));
    return { kind: `${kind.one} ${code}`, title: plain(payload.label), body: [
      linkages.lacking(payload),
      known(view, level, around.get(code)),
      level === "regions" && el("p", {}, el("a", { href: linkages.address.to(view, "partners", [code]) }, `Partners of ${payload.label}: what it is strong in, what it lacks, who could help`)),
      chart(view, level, payload, records(linked), around),
      table(view, ranked(view, linked), { title: `Linkages of ${plain(payload.label)}, ${view.sourceName}, ${view.periodName}`, about: payload.about, hide: FINE, events: other }),
      ...Object.entries(kind.more).map(([name, title]) => payload[name] && payload[name].columns.length > 0 &&
        table(view, chosen(name, payload[name]), { title, about: payload.about, hide: name === "stars" ? ["region"] : FINE, first: 10, by: name === "stars" ? "total" : null,
          labels: level === "regions" ? { space: "Space with most linkages there" } : {} })),
    ] };
  }

  for (const level of Object.keys(KINDS)) {
    linkages.pages[level] = { nav: KINDS[level].nav, uses: () => ["period", "source", "method"],
      show: async (view) => { await linkages.colours(); return view.ids.length ? single(view, level) : all(view, level); } };
  }
})((window.linkages = window.linkages || {}));
