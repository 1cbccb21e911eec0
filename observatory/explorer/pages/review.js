"use strict";
/* Doubtful matches, those that move the result most first: on a server only, for it writes the answers down. */
(function (linkages) {
  const { el, records, number, announce } = linkages;
  const KEY = ["kind", "name", "place", "country", "candidates"];
  const FIRST = 20;
  let token = "";

  /* The answers that may be given: each candidate by its number, or none of them. */
  function answers(row) {
    let candidates;
    try { candidates = JSON.parse(row.candidates); } catch { candidates = []; }
    const told = candidates.map(([name, code, score], n) => [String(n + 1),
      `${row.kind === "place" ? [name, code].filter(Boolean).join(", ") : `The same as ${name}${code ? ` (${code})` : ""}`} – likeness ${number(score, 1)}`]);
    return [...told, ["reject", "None of these"]];
  }

  /* Send an answer with the token that the server printed; say what came of it. */
  async function send(row, answer) {
    const decision = Object.fromEntries(KEY.map((name) => [name, row[name] ?? ""]));
    const got = await fetch("api/v1/review", { method: "POST", headers: { "Content-Type": "application/json", "X-Review-Token": token },
      body: JSON.stringify({ ...decision, answer }) });
    const told = await got.json().catch(() => ({}));
    linkages.forget("review");
    if (!got.ok) throw new Error(told.error?.what ?? told.what ?? `answer ${got.status}`);
    return told.about?.what ?? "written down";
  }

  function asked(row, n) {
    const said = el("p", { class: "note", role: "status" });
    const group = `answer-${n}`;
    const choices = answers(row).map(([value, words], m) => el("label", { class: "answer" },
      el("input", { type: "radio", name: group, value, checked: m === 0 }), words));
    const code = row.kind === "place" && el("label", { class: "answer" }, "or the code of a region ", el("input", { type: "text", size: "8", maxlength: "8", autocomplete: "off" }));
    const form = el("form", {}, el("fieldset", {}, el("legend", {}, row.name || row.place || "(no name)"), choices, code,
      el("div", { class: "tools" }, el("button", { type: "submit" }, "Decide"), el("button", { type: "button", on: { click: () => act("undo") } }, "Take back"))));
    async function act(answer) {
      try {
        const what = await send(row, answer);
        said.textContent = `${what[0].toUpperCase()}${what.slice(1)}.`;
        form.classList.toggle("decided", answer !== "undo");
      } catch (error) { said.textContent = `Not written down: ${error.message}.`; }
      announce(said.textContent);
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const typed = code && code.querySelector("input").value.trim();
      act(typed || form.querySelector("input:checked").value);
    });
    const facts = [row.kind, [row.place, row.country].filter(Boolean).join(", "), row.sources && `from ${row.sources}`, `${number(row.rows)} rows`, `moves links of ${number(row.effect)} events`];
    return el("li", {}, el("p", { class: "note" }, facts.filter(Boolean).join(" · ")), form, said);
  }

  function queue(rows) {
    const list = el("ul", { class: "queue" }, rows.slice(0, FIRST).map(asked));
    const more = el("button", { type: "button", hidden: rows.length <= FIRST, on: { click: () => {
      list.append(...rows.slice(list.children.length, list.children.length + FIRST).map((row) => asked(row, rows.indexOf(row))));
      more.hidden = list.children.length >= rows.length;
    } } }, "Show more");
    return [list, more];
  }

  async function show(view) {
    if (view.choices.token) {
      // The token is kept by this page alone, so that no address that is sent holds it.
      token = view.choices.token;
      window.history.replaceState(window.history.state, "", linkages.address.write("review", []));
    }
    if (!view.run.review) return { title: "Doubtful matches", body: [el("p", { class: "note" }, "The review writes decisions down, and so needs the server of a study: linkages explore RUN.")] };
    const rows = records((await linkages.load("review")).queue);
    return { title: "Doubtful matches", body: [
      el("p", { class: "lead" }, "Names and places that were matched with doubt, those that move the result most first. A decision is written to decisions.csv; the next run takes it up."),
      !token && el("p", { class: "fault" }, "Decisions need the token: open the address of the review that linkages explore printed."),
      ...(rows.length ? queue(rows) : [el("p", {}, "Nothing waits for a decision.")]),
    ] };
  }

  linkages.pages.review = { nav: "Review", when: (run) => run.review, uses: () => [], show };
})((window.linkages = window.linkages || {}));
