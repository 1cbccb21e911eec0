"use strict";
/* A box to type a name or a code into, with what fits below it; all by keyboard (ARIA 1.2, combobox with a list). */
(function (linkages) {
  const { el, folded, plain } = linkages;
  const MOST = 12;
  const KINDS = { sector: "sector", region: "region", space: "space" };
  let made = 0;

  /* Words without the ending of a plural, so that "chemicals" finds "Chemical". */
  function stemmed(text) {
    return text.split(" ").map((word) => (word.length < 4 || !/[^s]s$/.test(word) ? word : word.replace(/ies$/, "y").replace(/s$/, ""))).join(" ");
  }

  const begins = (name, asked) => ` ${name}`.includes(` ${asked}`);
  const word = (name, asked) => ` ${name} `.includes(` ${asked} `);
  // Few letters stand within too many words to mean any of them.
  const holds = (name, asked) => begins(name, asked) || (asked.length > 3 && name.includes(asked));

  function among(names, codes, within, asked) {
    const ranks = names.map((name) => (name === asked ? 0 : name.startsWith(asked) ? 1 : begins(name, asked) ? 3 : holds(name, asked) ? 4 : null));
    if (codes.some((code) => code.startsWith(asked))) ranks.push(2);
    if (within.some((name) => name.startsWith(asked))) ranks.push(5);
    const parts = asked.split(" ");
    if (parts.length > 1 && parts.every((part) => [...names, ...within].some((name) => (part.length > 1 ? holds : word)(name, part)))) ranks.push(6);
    const found = ranks.filter((rank) => rank !== null);
    return found.length ? Math.min(...found) : null;
  }

  /* How well an entry fits: 0 best, null not at all; as it is typed before its stem. */
  function fit(entry, asked) {
    if (entry.codes.includes(asked)) return 0;
    const stem = stemmed(asked), asTyped = among(entry.names, entry.codes, entry.countries, asked);
    if (asTyped !== null) return asTyped;
    const asStem = among(entry.names.map(stemmed), [], entry.countries.map(stemmed), stem);
    return asStem === null ? null : asStem + 0.5;
  }

  /* Prepare what search.json lists: names and codes without accents and case. */
  function prepared(entries) {
    return entries.map((entry) => ({ ...entry, codes: [folded(entry.code)], countries: (entry.within || []).map(folded),
      names: [entry.label, plain(entry.label), ...(entry.also || [])].map(folded) }));
  }

  function found(entries, asked) {
    return entries.map((entry, n) => [fit(entry, asked), n]).filter(([rank]) => rank !== null)
      .sort(([a, n], [b, m]) => a - b || n - m).map(([, n]) => entries[n]);
  }

  /* Make a box. `entries` gives a promise of what can be found, `take` is told what was picked. */
  function combobox({ label, hint, entries, take }) {
    const id = `box${(made += 1)}`;
    const list = el("ul", { id: `${id}-list`, role: "listbox", "aria-label": label, hidden: true });
    const input = el("input", { id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder: hint,
      "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list", maxlength: "200" });
    let options = [], at = -1, asking = 0;

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      at = -1;
    }
    function move(to) {
      if (!options.length) return;
      at = (to + options.length) % options.length;
      [...list.children].forEach((one, n) => one.setAttribute("aria-selected", String(n === at)));
      input.setAttribute("aria-activedescendant", `${id}-${at}`);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
    function choose(entry) {
      input.value = "";
      close();
      take(entry);
    }
    function about(entry) {
      if (entry.kind !== "space") return `${entry.code} · ${KINDS[entry.kind]}`;
      return [KINDS.space, linkages.years(entry.period), entry.sources.join(", ")].join(" · ");
    }
    function option(entry, n) {
      const row = el("li", { id: `${id}-${n}`, role: "option", "aria-selected": "false", on: { mousedown: (event) => { event.preventDefault(); choose(entry); } } },
        linkages.tag(entry.letter, linkages.hueOf(entry.letter, entry.hue)), el("span", { class: "name" }, plain(entry.label)),
        el("span", { class: "code" }, about(entry)));
      return row;
    }
    async function ask() {
      const asked = folded(input.value), turn = (asking += 1);
      if (!asked) { options = []; close(); return; }
      const fits = found(await entries(), asked);
      if (turn !== asking) return;
      options = fits.slice(0, MOST);
      list.replaceChildren(...(options.length ? options.map(option) : [el("li", { class: "nothing", role: "option", "aria-disabled": "true", "aria-selected": "false" }, "Nothing of that name or code")]));
      list.hidden = false;
      at = -1;
      input.setAttribute("aria-expanded", "true");
      input.removeAttribute("aria-activedescendant");
      linkages.announce(options.length ? `${fits.length} found` : "Nothing of that name or code");
    }
    const keys = {
      ArrowDown: () => (list.hidden ? ask() : move(at + 1)),
      ArrowUp: () => (list.hidden ? ask() : move(at < 0 ? -1 : at - 1)),
      Enter: () => options.length && !list.hidden && choose(options[Math.max(at, 0)]),
      Escape: () => (list.hidden ? (input.value = "") : close()),
    };
    input.addEventListener("input", ask);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (!keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    return el("div", { class: "combobox" }, el("label", { for: id }, label), input, list);
  }

  Object.assign(linkages, { combobox, prepared, found });
})((window.linkages = window.linkages || {}));
