"use strict";
/* Partners of a region: what it is strong in, whom it is linked to, what it lacks, and who could help. */
(function (linkages) {
  const { el, table, records, only } = linkages;
  /* Tables, their titles, the order of their columns, and headings as one asks here. */
  const PARTS = [
    ["partners", "Who could be its partners, for linkages that it lacks", ["partner", "tier", "other", "industry", "space"],
      { partner: "Partner", tier: "Partner's tier in it", stars: "Partner's stars in it", other: "Industry of the partner", industry: "To be joined with, strong here" }],
    ["lacking", "Linkages that it lacks though strong at one end, the most unexpected first", ["industry", "tier", "other", "other_tier", "space"],
      { industry: "Strong here", tier: "Its tier", other: "Not linked with", other_tier: "Tier of that here", events: "Events in Europe", stars: "Its stars" }],
    ["linked", "Whom its industries are linked to elsewhere, most events first", ["partner", "industry", "other", "tier", "space"],
      { industry: "Industry here", other: "Industry there", tier: "Tier there", stars: "Stars there", partner: "Region" }],
    ["within", "Which of its industries are linked within it", ["industry", "other", "space"], { industry: "Industry", other: "Other industry", tier: "Tier of the other", stars: "Stars of the other" }],
    ["industries", "What it is strong in, and linked in", ["industry", "tier", "quadrant", "space"], {}],
    ["alike", "Regions like it that it has no event with", ["other"], { other: "Region" }]];

  /* Countries outside the star table are named for their events: what they are strong in is not known. */
  const UNKNOWN = "not known", KNOWN = { strong: ["strong in it", "#0B4F79"], unknown: ["has events of it; tier not known", "#9A9A9A"] };

  function chooser(view) {
    const entries = async () => (await linkages.searchable()).filter((one) => one.kind === "region");
    return linkages.combobox({ label: "Region", hint: "Name or code of a region", entries,
      take: (entry) => { window.location.hash = linkages.address.to(view, "partners", [entry.code]); } });
  }

  /* Bars of the partners offered most often. */
  function chart(view, payload, data) {
    const count = new Map();
    for (const row of records(data)) {
      const held = count.get(row.partner) || { label: row.partner_label ?? row.partner, value: 0, known: false };
      count.set(row.partner, { ...held, value: held.value + 1, known: held.known || row.tier !== UNKNOWN });
    }
    const rows = [...count.entries()].sort(([a, one], [b, other]) => other.value - one.value || a.localeCompare(b)).slice(0, 12)
      .map(([node, { known, ...one }]) => ({ node, page: "regions", ...one, group: KNOWN[known ? "strong" : "unknown"][0], colour: KNOWN[known ? "strong" : "unknown"][1] }));
    const unsure = rows.some((row) => row.group === KNOWN.unknown[0]) ? ", or has events of; of countries outside the star table the tier is not known" : "";
    return rows.length ? linkages.figure(view, linkages.bars(rows, { title: `Who could be a partner of ${payload.label}`, subtitle: `linkages that ${payload.label} lacks and the partner is strong in${unsure}; ${view.periodName}`,
      source: `${view.run.title}: profiles/partners.`, unit: "linkages that it could bring", format: "d", grouped: "Partner" }), "regions") : null;
  }

  /* The parts of a region's profile in the chosen period. */
  function partsOf(view, payload) {
    const parts = PARTS.filter(([name]) => payload[name] && payload[name].columns.length > 0);
    const held = Object.fromEntries(parts.map(([name]) => [name, only(payload[name], { period: view.period })]));
    if (held.linked) {
      const at = held.linked.columns.findIndex((column) => column.name === "partner"), all = held.linked;
      held.within = { ...all, rows: all.rows.filter((row) => row[at] === payload.code), asked: ["period", "partner"] };
      held.linked = { ...all, rows: all.rows.filter((row) => row[at] !== payload.code) };
    }
    return held;
  }

  async function show(view) {
    await linkages.colours();
    const code = view.ids[0];
    const ask = [el("p", { class: "lead" }, "What a region is strong in, whom it is linked to, what it lacks though it is strong at one end, and which regions could help."), chooser(view)];
    if (!code) return { title: "Who are the partners of my region?", body: [...ask, await offered(view)] };
    const known = (await linkages.searchable()).find((one) => one.kind === "region" && one.code === code);
    if (!known) throw new Error(`No region of the study has the code “${code}”`);
    const payload = await linkages.load(known.path);
    const held = payload.profile && payload.profile[view.period] ? partsOf(view, payload) : null;
    if (!held) return { kind: `region ${code}`, title: `Partners of ${payload.label}`, body: [chooser(view), el("p", { class: "note" }, `The run holds no profile of ${payload.label} in ${view.periodName}: it needs a star table.`)] };
    return { kind: `region ${code}`, title: `Partners of ${payload.label}`, body: [
      el("p", { class: "lead" }, payload.profile[view.period].sentence),
      el("p", {}, el("a", { href: linkages.address.to(view, "regions", [code]) }, `All linkages of ${payload.label}`)),
      chart(view, payload, held.partners),
      ...PARTS.map(([name, title, order, labels]) => held[name] && 
        table(view, held[name], { title, about: payload.about, links: name === "alike" ? { other: "regions" } : { other: null }, hide: ["linked", "strong"], first: 10, order, labels, short: true, none: "none" })),
      [el("h2", {}, "What these words mean"), el("ul", {}, (payload.profile[view.period].notes || []).map((note) => el("li", {}, note)))],
      el("h2", {}, "Another region"), chooser(view),
    ].flat() };
  }

  /* The regions with most linkages, to begin with. */
  async function offered(view) {
    const list = await linkages.load("regions");
    const here = only(list.nodes, { period: view.period, source: "all" });
    return table(view, here, { title: "Regions of the study", about: list.about, links: { region: "partners" }, labels: { space: "Space with most linkages there" }, hide: ["stability", "role"] });
  }

  linkages.pages.partners = { nav: "Partners of a region", uses: () => ["period"], show };
})((window.linkages = window.linkages || {}));
