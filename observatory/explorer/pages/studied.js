"use strict";
/* The run as the pages want it: names of sources, which networks there are, the colours of the spaces. */
(function (linkages) {
  const hues = new Map(), spaces = new Map();

  /* The run, with what is asked of it often. */
  function studied(payload) {
    const said = new Map(payload.sources.map((one) => [one.id, one.label]));
    return { ...payload, networks: new Set(payload.networks), sourceName: (id) => said.get(id) ?? id };
  }

  /* Learn the colour of each letter, the same for a space everywhere. */
  async function colours() {
    if (!hues.size) {
      for (const one of linkages.records((await linkages.load("spaces")).spaces)) {
        if (!spaces.has(one.space)) spaces.set(one.space, one);
        if (/^[A-Z]\d*$/.test(one.letter || "") && !hues.has(one.letter)) hues.set(one.letter, one.hue);
      }
    }
    return hues;
  }

  /* Columns of the view that a table has, with what is chosen. */
  function asked(data, view) {
    const has = (name) => data.columns.some((column) => column.name === name);
    return { ...(has("period") ? { period: view.period } : {}), ...(has("source") ? { source: view.source } : {}) };
  }

  /* What can be searched for, ready for a box; asked for once. */
  let entries = null;
  function searchable() {
    entries = entries || linkages.load("search").then((payload) => linkages.prepared(payload.entries)).catch((error) => { entries = null; throw error; });
    return entries;
  }

  /* Say which files the run lacks, and so what a page cannot tell. */
  function lacking(payload) {
    const told = (payload.missing || []).map((one) => `${one.file}${one.what ? ` (${one.what})` : ""}`);
    return told.length ? linkages.el("p", { class: "note" }, `The run does not hold ${told.join("; ")}: what is made of it is not shown.`) : null;
  }

  Object.assign(linkages, { studied, lacking, colours, asked, searchable, hueOf: (letter, hue) => hues.get(letter) ?? hue, spaceOf: (id) => spaces.get(id) });
})((window.linkages = window.linkages || {}));
