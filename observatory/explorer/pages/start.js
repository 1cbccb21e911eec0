"use strict";
/* The first page: four questions, three findings with their doubt, what the data are worth. */
(function (linkages) {
  const { el, tag, plain, number } = linkages;
  const QUESTIONS = [
    ["sectors", "What works with what?", "Which sectors meet in patents, deals and alliances, how strongly, and more than chance would have it."],
    ["change", "What changed?", "Links that grow, appear and go from period to period, and what became of the spaces."],
    ["partners", "Who are the partners of my region?", "What it is strong in, whom it is linked to, what it lacks and who could help."],
    ["stars", "Are the strong also the linked?", "Collaboration spaces beside star scores: industries that are strong, linked, both or neither."],
  ];
  /* The findings that lead, and those that tell how good they and the data are. */
  const LEADING = ["How many", "What changed", "Beside stars"], DOUBTS = ["How sure", "What to doubt"];

  linkages.pages = linkages.pages || {};

  function finding(one) {
    const spaces = (one.spaces || []).map((space) => el("li", {}, tag(space.letter, space.hue), el("span", {}, plain(space.text))));
    return el("div", {}, el("dt", {}, one.about), el("dd", {}, one.text, spaces.length ? el("ul", { class: "named" }, spaces) : null,
      one.doubt ? el("p", { class: "doubt" }, el("b", {}, "Doubt: "), one.doubt) : null));
  }

  function listOf(findings, abouts) {
    const found = findings.filter((one) => abouts.includes(one.about));
    return found.length ? el("dl", { class: "findings" }, found.map(finding)) : null;
  }

  function lead(run) {
    const { events: all, cross_sectoral: crossing } = run.counts;
    const events = run.periods.map((one) => all[one.id] && `${number(all[one.id])} in ${one.label}${typeof crossing[one.id] === "number" ? ` (${number(crossing[one.id])} of them cross-sectoral)` : ""}`).filter(Boolean);
    return `${number(run.counts.sectors)} sectors, ${number(run.counts.regions)} regions, ${number(run.counts.spaces)} collaboration spaces; ${run.counted || "events"}: ${events.join(", ") || "none"}.`;
  }

  async function show(view) {
    const { run } = view, findings = run.findings || [];
    const named = findings.filter((one) => (one.spaces || []).length).map((one) => one.about);
    return {
      title: run.title,
      body: [
        el("p", { class: "lead" }, lead(run)),
        el("ul", { class: "questions" }, QUESTIONS.map(([page, question, words]) =>
          el("li", {}, el("a", { href: linkages.address.to(view, page) }, el("b", {}, question), el("span", {}, words))))),
        el("div", { class: "two" },
          el("section", { "aria-labelledby": "found" }, el("h2", { id: "found" }, "What was found"), listOf(findings, LEADING)),
          el("div", {},
            el("section", { "aria-labelledby": "which" }, el("h2", { id: "which" }, el("a", { href: linkages.address.to(view, "spaces") }, "The collaboration spaces")), listOf(findings, named)),
            el("section", { "aria-labelledby": "doubt" }, el("h2", { id: "doubt" }, "How good the data are"), listOf(findings, DOUBTS),
              el("p", {}, el("a", { href: linkages.address.to(view, "quality") }, "What was read, what was lost and why"), "; ",
                el("a", { href: linkages.address.to(view, "methods") }, "how the numbers are made, and the files"), ".")))),
        el("section", { "aria-labelledby": "network" }, el("h2", { id: "network" }, "The network"), linkages.figuresOf({ ...view, source: "all" }, "sectors", "sectors", { to: 1 })),
      ],
    };
  }

  linkages.pages.start = { nav: "Start", uses: () => [], show };
})((window.linkages = window.linkages || {}));
