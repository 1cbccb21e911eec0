"use strict";
/* The frame around the pages: what the address asks for is shown, named, and given the focus. */
(function (linkages) {
  const { el, announce } = linkages;
  const METHODS = [{ id: "events", label: "number of events" }, { id: "association", label: "times what chance would give" }];
  const main = document.getElementById("main");
  let run = null, before = null, turn = 0, settled = false;

  /* The periods that a page can be of; of some pages all of them together. */
  function periodsOf(page) {
    return linkages.pages[page].ever ? [...run.periods, { id: linkages.address.EVER, label: "all periods" }] : run.periods;
  }

  /* A view: what the address says, and what it leaves open filled in. */
  function viewOf(hash) {
    const read = linkages.address.read(hash);
    const page = linkages.pages[read.page] ? read.page : "start";
    const known = (name, list) => list.some((one) => one.id === read.choices[name]);
    const last = run.periods[run.periods.length - 1], periods = periodsOf(page);
    const view = { ...read, page, run, unknown: page !== read.page ? read.page : null,
      period: known("period", periods) ? read.choices.period : last.id,
      source: known("source", run.sources) ? read.choices.source : "all",
      method: known("method", METHODS) ? read.choices.method : "events" };
    view.strange = ["period", "source", "method"].filter((name) => read.choices[name] && read.choices[name] !== view[name]);
    // A comparison is of all periods: files that are taken from it are named by both.
    const spans = view.page === "change" ? run.periods.map((one) => one.id).join(" ") : view.period;
    view.name = `${view.source} ${spans}`;
    view.periodName = periods.find((one) => one.id === view.period).label;
    view.sourceName = run.sourceName(view.source);
    return view;
  }

  function choice(view, name, label, list) {
    const select = el("select", { name, id: `choice-${name}`, on: { change: (event) => {
      window.location.hash = linkages.address.same(view, { [name]: event.target.value });
    } } }, list.map((one) => el("option", { value: one.id, selected: one.id === view[name] }, one.label)));
    return el("label", { for: `choice-${name}` }, label, select);
  }

  /* The choices that mean something on this page; the control in use keeps the focus. */
  function showChoices(view) {
    const used = linkages.pages[view.page].uses(view);
    const held = document.activeElement && document.activeElement.id;
    const made = [used.includes("period") && choice(view, "period", "Period", periodsOf(view.page)),
      used.includes("source") && choice(view, "source", "Kind of event", run.sources),
      used.includes("method") && choice(view, "method", "Strength by", METHODS)].filter(Boolean);
    document.getElementById("choices").replaceChildren(...made);
    if (held && held.startsWith("choice-")) document.getElementById(held)?.focus();
  }

  /* Buttons of which one is chosen are made anew with their page: give the focus to the chosen one of the set that had it. */
  function chosenAgain() {
    const group = document.activeElement && main.contains(document.activeElement) && document.activeElement.closest("[role=group]");
    const name = group && group.getAttribute("aria-label");
    return () => name && main.querySelector(`[role=group][aria-label="${CSS.escape(name)}"] [aria-pressed=true]`)?.focus();
  }

  function showPages(view) {
    const inNavigation = Object.entries(linkages.pages).filter(([, page]) => page.nav && (!page.when || page.when(run)));
    document.getElementById("pages").replaceChildren(...inNavigation.map(([name, page]) =>
      el("li", {}, el("a", { href: linkages.address.to(view, name), "aria-current": (linkages.pages[view.page].under || view.page) === name ? "page" : null }, page.nav))));
  }

  function faulty(error) {
    return { title: "This cannot be shown", body: [el("p", { class: "fault" }, `${error.message}.`),
      el("p", {}, "Look for it by name above, or begin at the ", el("a", { href: "#/start" }, "start"), ".")] };
  }

  function notes(view) {
    return [view.unknown && el("p", { class: "fault" }, `There is no page “${view.unknown}”; this is the start.`),
      view.strange.length > 0 && el("p", { class: "fault" }, `The address asks for ${view.strange.map((name) => `${name} “${view.choices[name]}”`).join(", ")}, which this study does not have; shown is what it has.`)].filter(Boolean);
  }

  /* Show what the address asks for. */
  async function show() {
    const mine = (turn += 1), view = viewOf(window.location.hash);
    // What is on its way was never seen: only a page that is shown is left.
    if (settled) linkages.places.leave();
    settled = false;
    const held = linkages.places.arrive();
    const place = `${view.page}/${view.ids.join("/")}`, moved = before !== null && place !== before;
    let shown;
    try { shown = await linkages.pages[view.page].show(view); } catch (error) { shown = faulty(error); }
    if (mine !== turn) return;
    const heading = el("h1", { tabindex: "-1" }, shown.title);
    showPages(view);
    showChoices(view);
    const again = chosenAgain();
    main.replaceChildren(...[shown.kind && el("p", { class: "kind" }, shown.kind), heading, ...notes(view), ...shown.body].filter(Boolean));
    main.dataset.shown = window.location.hash || "#/start";
    document.title = shown.title === run.title ? run.title : `${shown.title} – ${run.title}`;
    settled = true;
    if (held) linkages.places.settle(held.top);
    if (moved) {
      if (!held) window.scrollTo({ top: 0, behavior: "instant" });
      heading.focus({ preventScroll: true });
    } else if (before !== null) {
      again();
      announce(`Shown: ${view.periodName}, ${view.sourceName}`);
    }
    before = place;
  }

  function search() {
    return linkages.combobox({ label: "Search", hint: "Sector, region or space, by name or code", entries: linkages.searchable,
      take: (entry) => { window.location.hash = linkages.address.to(viewOf(window.location.hash), `${entry.kind}s`, [entry.code]); } });
  }

  async function begin() {
    try { run = linkages.studied(await linkages.load("run")); } catch (error) {
      main.replaceChildren(el("h1", {}, "The study cannot be opened"), el("p", { class: "fault" },
        `api/v1/run.json: ${error.message}. A site needs all the files that linkages site wrote; a server is begun by linkages explore RUN.`));
      return;
    }
    document.getElementById("study").textContent = run.title;
    document.getElementById("search").append(search());
    document.getElementById("foot").textContent = `${run.title}. Made by linkages ${run.versions?.linkages ?? ""} from the run of ${(run.time_stamps?.finished || "").slice(0, 10) || "an unknown day"}. No cookie, nothing stored, nothing asked of any other place.`;
    document.getElementById("choices").addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("hashchange", show);
    document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); main.querySelector("h1")?.focus(); });
    await show();
  }

  linkages.begin = begin;
  document.addEventListener("DOMContentLoaded", begin);
})((window.linkages = window.linkages || {}));
