"use strict";
/* Doubtful matches, heaviest effect first: on a server only, for it writes the answers down. */
(function (linkages) {
  const { el, table } = linkages;

  async function show(view) {
    if (!view.run.review) return { title: "Doubtful matches", body: [el("p", { class: "note" }, "The review needs the server: linkages explore RUN.")] };
    const payload = await linkages.load("review");
    return { title: "Doubtful matches", body: [
      el("p", { class: "lead" }, "Names, places and codes that were matched with doubt, the heaviest effect first."),
      table(view, payload.queue, { title: "To be decided", about: payload.about }),
    ] };
  }

  linkages.pages.review = { nav: "Review", when: (run) => run.review, uses: () => [], show };
})((window.linkages = window.linkages || {}));
