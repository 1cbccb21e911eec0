"use strict";
/* Figures: drawn when they come into sight, told in words, saved as SVG or PNG; a mark that is picked is selected in the page. */
(function (linkages) {
  const { el, records } = linkages;
  const OPTIONS = { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true } };

  /* The table of a figure leads nowhere: its columns are the figure's own. */
  const NOWHERE = Object.fromEntries(["sector", "region", "space", "from", "to", "partner", "a", "b"].map((name) => [name, null]));

  /* Nothing is read from outside, whatever a specification says. */
  const closed = { load: () => Promise.reject(new Error("nothing is read from outside")),
    sanitize: () => Promise.reject(new Error("nothing is read from outside")) };

  /* Which page a mark stands for: its node, region, space or link. */
  function meant(datum, level) {
    // A region that the map draws without a value is not of this study.
    if (!datum || datum.value === null) return null;
    if (datum.source !== undefined && datum.target !== undefined && datum.source !== datum.target) return ["why", [datum.source, datum.target].sort()];
    if (datum.page && datum.node !== undefined) return [datum.page, [String(datum.node)]];
    if (datum.space_id) return ["spaces", [datum.space_id]];
    if (datum.node !== undefined && level) return [level, [String(datum.node)]];
    const region = datum.code ?? datum.region;
    return typeof region === "string" && region ? ["regions", [region]] : null;
  }

  function pick(view, drawn, box, level) {
    drawn.addEventListener("click", (event, item) => {
      const found = item && meant(item.datum, level);
      // What is compared is of all periods.
      const ever = found && found[0] === "why" && view.page === "change" ? { period: linkages.address.EVER } : {};
      if (found) window.location.hash = linkages.address.to(view, ...found, ever);
    });
    drawn.addEventListener("mousemove", (event, item) => box.classList.toggle("picks", Boolean(item && meant(item.datum, level))));
  }

  function fail(box, error) {
    box.replaceChildren(el("p", { class: "note" }, `The figure cannot be drawn: ${error.message}. Its table is below.`));
  }

  async function draw(view, box, spec, level) {
    const embed = await linkages.vega();
    // Drawing writes into the data: a figure that is shown again starts from a copy.
    const done = await embed(box, structuredClone(spec), { ...OPTIONS, loader: closed });
    const svg = box.querySelector("svg");
    if (svg) svg.setAttribute("aria-hidden", "true");
    pick(view, done.view, box, level);
    return done.view;
  }

  /* What is not drawn yet, by the box that it is drawn in. */
  const waiting = new Map();
  const SETTLED = 1500;

  function whenSeen(box, run) {
    const once = () => { seen.disconnect(); waiting.delete(box); return run(); };
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) once();
    }, { rootMargin: "200px" });
    waiting.set(box, once);
    seen.observe(box);
    soon();
  }

  /* Begin with a box, unless its page is gone. */
  function begin(box) {
    const once = waiting.get(box);
    waiting.delete(box);
    return box.isConnected ? once() : null;
  }

  /* Figures that nobody scrolls to are drawn one after another once the page has come to rest: a printer does not wait for what
     begins with printing. */
  let resting = null;
  function soon() {
    window.clearTimeout(resting);
    resting = window.setTimeout(async () => {
      const [box] = waiting.keys();
      if (!box) return;
      await begin(box);
      soon();
    }, SETTLED);
  }

  window.addEventListener("beforeprint", () => { for (const box of [...waiting.keys()]) begin(box); });

  /* Show a figure of a title and an alt text. `get` gives its {spec, data} when it comes into sight; `level` is the page of its nodes. */
  function figure(view, { title, alt, get }, level) {
    const box = el("div", { class: "drawing", role: "img", "aria-label": alt });
    let drawn = null;
    const saving = ["svg", "png"].map((kind) => el("button", { type: "button", disabled: true, "aria-label": `Save as ${kind.toUpperCase()}: ${title}`,
      on: { click: () => linkages.saveFigure(`${title} ${view.name}`, drawn, kind) } }, `Save as ${kind.toUpperCase()}`));
    const words = el("details", {}, el("summary", {}, "This figure in words and numbers"), el("p", {}, alt));
    words.addEventListener("toggle", async () => {
      const data = words.open && words.children.length === 2 && (await get()).data;
      // What a figure shows is never left out: its x and y are not positions of a drawing, but what it tells.
      if (data && words.children.length === 2) words.append(linkages.table(view, data, { title: `Data: ${title}`, links: NOWHERE, keep: data.columns.map((column) => column.name) }));
    });
    const whole = el("figure", {}, el("div", { class: "paper" }, box), el("figcaption", { class: "tools" }, saving, words));
    whenSeen(box, () => get().then((payload) => draw(view, box, payload.spec, level)).then((made) => {
      drawn = made;
      for (const button of saving) button.disabled = false;
    }).catch((error) => fail(box, error)));
    return whole;
  }

  /* The period and the kind of event that a figure is of, where its name says one. */
  function named(view, one) {
    const ends = (list) => (list.find(({ id }) => one.name.endsWith(`-${id}`)) || {}).id;
    return { period: one.period ?? ends(view.run.periods), source: one.source_of ?? ends(view.run.sources) };
  }

  /* Figures of a page belong to the chosen period and kind of event; those that name none belong to all. */
  function fits(view, page, one) {
    const of = named(view, one);
    return one.page === page && (!of.period || !view.period || of.period === view.period) && (!of.source || of.source === view.source);
  }

  /* The place of a page's figures: the page does not wait for them. `from` and `to` take some of them. */
  function figuresOf(view, page, level, { from, to } = {}) {
    const place = el("div", { class: "figures" }, el("p", { class: "note waiting" }, "The figures are being fetched …"));
    linkages.load("figures").then((payload) => {
      const here = records(payload.figures).filter((one) => fits(view, page, one)).slice(from ?? 0, to);
      place.replaceChildren(...here.map((one) => figure(view, { title: one.title, alt: one.alt, get: () => linkages.load(one.path) }, level)));
    }).catch((error) => place.replaceChildren(el("p", { class: "note" }, `No figures: ${error.message}.`)));
    return place;
  }

  Object.assign(linkages, { figure, figuresOf });
})((window.linkages = window.linkages || {}));
