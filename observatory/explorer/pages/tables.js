"use strict";
/* Every view's table: sorted by a click on a heading, narrowed by words, saved as CSV, explained. */
(function (linkages) {
  const { el, said, plain, tag, folded } = linkages;
  const FIRST = 15, MORE = 200, PARTIES = 8;
  const HIDDEN = new Set(["network", "letter", "hue", "path", "x", "y", "community", "why", "from_letter", "to_letter"]);
  const PAGES = { sector: "sectors", region: "regions", space: "spaces", from: "spaces", to: "spaces",
    partner: "regions", region_a: "regions", region_b: "regions", sector_a: "sectors", sector_b: "sectors" };

  const TIERS = { high: "high", medium: "medium", basic: "basic", "three stars": "high", "two stars": "medium", "one star": "basic" };
  const WAYS = { year: "code", period: "period", since: "period", p: "p", q: "p", noise_p: "p", disparity_p: "p" };

  const numeric = (column) => ["number", "share", "p"].includes(column.kind);
  const place = (data, name) => data.columns.findIndex((column) => column.name === name);

  /* Rows as objects, for those who look something up. */
  function records(data) {
    if (!data) return [];
    const names = data.columns.map((column) => column.name);
    return data.rows.map((row) => Object.fromEntries(names.map((name, n) => [name, row[n]])));
  }

  /* Keep the rows of a period and source, and of whatever else is named. */
  function only(data, wanted) {
    if (!data) return null;
    const tests = Object.entries(wanted).map(([name, value]) => [place(data, name), value])
      .filter(([n, value]) => n >= 0 && value !== undefined && value !== null);
    const missing = data.missing ?? Math.max(0, (data.rows_in_all || 0) - data.rows.length);
    return { ...data, missing, rows: data.rows.filter((row) => tests.every(([n, value]) => row[n] === value)), asked: Object.keys(wanted) };
  }

  /* The column with the names of another column's codes. */
  function nameOf(data, name) {
    return [`${name}_label`, `${name}_name`].find((one) => place(data, one) >= 0) ?? null;
  }

  /* Which columns are shown: names stand in the column of their codes. */
  function shown(data, { hide, order, keep }) {
    const names = new Set(data.columns.map((column) => nameOf(data, column.name)).filter(Boolean));
    const gone = new Set([...HIDDEN, ...(data.asked || []), ...(hide || [])].filter((name) => !(keep || []).includes(name)));
    const weight = place(data, "weight"), events = place(data, "events");
    // What is nowhere known is left to the files.
    data.columns.forEach((column, n) => { if (n && data.rows.every((row) => row[n] === null)) gone.add(column.name); });
    // With full counting a link's weight is its events: once is enough to read.
    if (weight >= 0 && events >= 0 && data.rows.every((row) => row[weight] === row[events])) gone.add("weight");
    const rank = (column) => ((order || []).includes(column.name) ? order.indexOf(column.name) - order.length : numeric(column) ? 1 : 0);
    const kept = data.columns.map((column, n) => ({ ...column, n })).filter((column) => !gone.has(column.name) && !names.has(column.name));
    // A row is headed by words; numbers come after them only where the first column is one.
    return order || (kept.length && numeric(kept[0])) ? kept.map((column, n) => [rank(column), n, column]).sort(([a, n], [b, m]) => a - b || n - m).map(([, , column]) => column) : kept;
  }

  function target(data, column, options) {
    if (options.links && column.name in options.links) return options.links[column.name];
    return (data.links && data.links[column.name]) ?? PAGES[column.name];
  }

  /* The first of many participants; the CSV has all. */
  function few(value) {
    const all = value.split("; ");
    return all.length > PARTIES + 1 ? `${all.slice(0, PARTIES).join("; ")} and ${linkages.number(all.length - PARTIES)} more` : value;
  }

  /* A cell: a code with its name leads to its page, a space bears its letter. */
  function cell(view, data, row, column, options) {
    const value = row[column.n], named = nameOf(data, column.name);
    if (value === null || value === undefined || value === "") return linkages.NONE;
    if (column.name === "bytes") return said(Math.ceil(value / 1000));
    if (column.name === "participants" && typeof value === "string") return few(value);
    if (column.name === "sha256") return el("span", { title: value }, `${String(value).slice(0, 12)}…`);
    const file = options.file && options.file[column.name] && row[place(data, options.file[column.name])];
    if (file) return el("a", { href: file, download: true }, String(value));
    if (column.name === "tier" || column.name.endsWith("_tier")) return el("span", { class: `tier ${TIERS[value] || ""}` }, String(value));
    const page = target(data, column, options), space = page === "spaces" ? linkages.spaceOf(value) : null;
    const label = named ? row[place(data, named)] : space ? space.space_label : null;
    const letter = row[place(data, ["from", "to"].includes(column.name) ? `${column.name}_letter` : "letter")] ?? (space && space.letter);
    const mark = page === "spaces" ? tag(letter, linkages.hueOf(letter, row[place(data, "hue")] ?? (space && space.hue))) : null;
    if (mark && options.short) return el("a", { class: "bare", href: linkages.address.to(view, page, [value]), title: plain(label), "aria-label": `Space ${letter}, ${plain(label)}` }, mark);
    if (["source", "kind"].includes(column.name) && !named) return view.run.sourceName(value);
    if (!page && !label) return said(value, WAYS[column.name] ?? column.kind);
    const words = plain(label ?? value);
    const inner = page ? el("a", { href: linkages.address.to(view, page, [value]) }, words) : words;
    return [mark, mark ? " " : null, inner, label && page !== "spaces" && label !== value ? el("span", { class: "code" }, ` ${value}`) : null];
  }

  function ordered(rows, data, sorting) {
    if (!sorting) return rows;
    const named = nameOf(data, data.columns[sorting.n].name);
    const n = named ? place(data, named) : sorting.n;
    const empty = (value) => value === null || value === undefined || value === "";
    return [...rows].sort((one, other) => {
      const a = one[n], b = other[n];
      if (empty(a) || empty(b)) return empty(a) - empty(b);
      const by = typeof a === "number" && typeof b === "number" ? a - b : plain(String(a)).localeCompare(plain(String(b)), "en", { numeric: true });
      return sorting.down ? -by : by;
    });
  }

  function heading(column, options) {
    const label = (options.labels && options.labels[column.name]) || column.label;
    const unit = column.name === "bytes" ? "kB" : column.unit;
    return [label, unit && folded(unit) !== folded(label) ? el("span", { class: "unit" }, ` ${unit}`) : null];
  }

  /* What its numbers are and where they come from. */
  function why(about) {
    if (!about) return null;
    const lines = [["Unit", about.unit], ["Source", about.source], ["How it is made", about.method]].filter(([, text]) => text);
    return el("details", { class: "why" }, el("summary", {}, "Why these numbers"), el("p", {}, about.what),
      el("dl", {}, lines.map(([name, text]) => [el("dt", {}, name), el("dd", {}, text)])));
  }

  /* Draw a table. Options: title, about, none (said of an empty one); links (column → page or null), events (row → ends of a link, and the period and source they are of),
     file (column → column with its address); hide, keep, order (columns), labels, short (spaces as letters); by (sorted by), first (rows). */
  function table(view, data, options) {
    if (!data || !data.rows.length) return el("p", { class: "note" }, `${options.title}: ${options.none || "nothing for this choice"}.`);
    const columns = shown(data, options);
    const left = linkages.places.tableLeft(options.title);
    let sorting = left.sorting ?? (options.by && place(data, options.by) >= 0 ? { n: place(data, options.by), down: true } : null);
    let words = left.words ?? "", many = left.many ?? (options.first || FIRST);
    const body = el("tbody");
    const count = el("span", { class: "count" });
    const more = el("button", { type: "button", on: { click: () => { many += MORE; left.many = many; fill(); } } });
    const heads = columns.map((column) => el("th", { scope: "col", class: numeric(column) ? "n" : null },
      el("button", { type: "button", on: { click: () => sort(column) } }, heading(column, options))));
    // What is searched is what is seen; it is put together once somebody searches.
    let texts = null;
    const seen = (row) => folded(columns.map((column) => el("p", {}, cell(view, data, row, column, options)).textContent).join(" "));

    function rows() {
      const asked = words.split(/\s+/).map(folded).filter(Boolean);
      if (asked.length) texts = texts || data.rows.map(seen);
      const kept = asked.length ? data.rows.filter((row, n) => asked.every((word) => texts[n].includes(word))) : data.rows;
      return ordered(kept, data, sorting);
    }
    function line(row) {
      const cells = columns.map((column, n) => el(n ? "td" : "th", { scope: n ? null : "row", class: numeric(column) ? "n" : WAYS[column.name] ? "c" : null },
        cell(view, data, row, column, options)));
      const ends = options.events && options.events(row, (name) => row[place(data, name)]);
      if (options.events) cells.push(el("td", {}, ends && el("a", { href: linkages.address.to(view, "why", [ends.a, ends.b], ends.of),
        "aria-label": `Events behind ${ends.said}` }, "events")));
      return el("tr", {}, cells);
    }
    function fill() {
      if (words || left.words) left.words = words;
      const kept = rows(), missing = data.missing ?? (data.rows_in_all || 0) - data.rows.length;
      body.replaceChildren(...kept.slice(0, many).map(line));
      more.hidden = kept.length <= many;
      more.textContent = `Show ${Math.min(MORE, kept.length - many)} more`;
      count.textContent = (kept.length ? `${Math.min(many, kept.length)} of ${linkages.counted(kept.length, "row")}` : "no rows") +
        (missing > 0 ? `; ${linkages.number(missing)} more are in the run's files` : "");
    }
    function mark() {
      heads.forEach((head) => head.removeAttribute("aria-sort"));
      const by = sorting ? columns.findIndex((column) => column.n === sorting.n) : -1;
      if (by >= 0) heads[by].setAttribute("aria-sort", sorting.down ? "descending" : "ascending");
    }
    function sort(column) {
      sorting = { n: column.n, down: sorting && sorting.n === column.n ? !sorting.down : numeric(column) };
      left.sorting = sorting;
      mark();
      fill();
      linkages.announce(`Sorted by ${column.label}, ${sorting.down ? "descending" : "ascending"}`);
    }
    const narrow = data.rows.length > FIRST && el("label", { class: "narrow" }, "Only rows with ",
      el("input", { type: "search", autocomplete: "off", value: words || null, on: { input: (event) => { words = event.target.value; fill(); } } }));
    const save = el("button", { type: "button", on: { click: () => linkages.saveTable(`${options.title} ${view.name}`, data.columns, rows()) },
      "aria-label": `Save as CSV: ${options.title}` }, "Save as CSV");
    if (options.events) heads.push(el("th", { scope: "col" }, el("span", { class: "still" }, "Behind it")));
    mark();
    fill();
    return el("div", { class: "table" },
      el("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": options.title },
        el("table", {}, el("caption", {}, options.title), el("thead", {}, el("tr", {}, heads)), body)),
      el("div", { class: "tools" }, narrow, count, more, save, why(options.about)));
  }

  Object.assign(linkages, { table, records, only });
})((window.linkages = window.linkages || {}));
