"use strict";
/* Figures: drawn when they come into sight, told in words, saved as SVG or PNG; a mark that is picked is selected in the page. */
(function (linkages) {
  const { el, records } = linkages;
  const OPTIONS = { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true } };

  /* Nothing is read from outside, whatever a specification says. */
  const closed = { load: () => Promise.reject(new Error("nothing is read from outside")),
    sanitize: () => Promise.reject(new Error("nothing is read from outside")) };

  /* Which page a mark stands for: its node, region, space or link. */
  function meant(datum, level) {
    if (!datum) return null;
    if (datum.source !== undefined && datum.target !== undefined) return ["why", [datum.source, datum.target].sort()];
    if (datum.page && datum.node !== undefined) return [datum.page, [String(datum.node)]];
    if (datum.space_id) return ["spaces", [datum.space_id]];
    if (datum.node !== undefined && level) return [level, [String(datum.node)]];
    const region = datum.code ?? datum.region;
    return typeof region === "string" && region ? ["regions", [region]] : null;
  }

  function pick(view, drawn, box, level) {
    drawn.addEventListener("click", (event, item) => {
      const found = item && meant(item.datum, level);
      if (found) window.location.hash = linkages.address.to(view, ...found);
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

  function whenSeen(box, run) {
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) { seen.disconnect(); run(); }
    }, { rootMargin: "200px" });
    seen.observe(box);
  }

  /* Show a figure: its payload is {title, alt, source?, spec, table?}. `level` is the page of its nodes. */
  function figure(view, payload, level) {
    const box = el("div", { class: "drawing", role: "img", "aria-label": payload.alt });
    let drawn = null;
    const saving = ["svg", "png"].map((kind) => el("button", { type: "button", disabled: true, "aria-label": `Save as ${kind.toUpperCase()}: ${payload.title}`,
      on: { click: () => linkages.saveFigure(`${payload.title} ${view.name}`, drawn, kind) } }, `Save as ${kind.toUpperCase()}`));
    const words = el("details", {}, el("summary", {}, "This figure in words and numbers"), el("p", {}, payload.alt));
    words.addEventListener("toggle", () => {
      if (words.open && payload.table && words.children.length === 2) {
        words.append(linkages.table(view, payload.table, { title: `Data: ${payload.title}`, links: { sector: null, region: null, space: null, id: null } }));
      }
    });
    const whole = el("figure", {}, el("div", { class: "paper" }, box), el("figcaption", { class: "tools" }, saving, words));
    whenSeen(box, () => draw(view, box, payload.spec ?? payload.specification, level).then((made) => {
      drawn = made;
      for (const button of saving) button.disabled = false;
    }).catch((error) => fail(box, error)));
    return whole;
  }

  /* Figures of a page that belong to the chosen period and source; those that name none belong to all. */
  async function figuresOf(view, page, level) {
    const list = (await linkages.load("figures")).figures;
    const fits = (Array.isArray(list) ? list : records(list)).filter((one) => one.page === page && (!one.period || one.period === view.period) &&
      (!one.source || one.source === view.source));
    const payloads = await Promise.all(fits.map((one) => linkages.load(one.path || `figures/${encodeURIComponent(one.name)}`)));
    return payloads.map((payload) => figure(view, payload, level));
  }

  Object.assign(linkages, { figure, figuresOf });
})((window.linkages = window.linkages || {}));
