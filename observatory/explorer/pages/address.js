"use strict";
/* The address holds the view: #/page/thing?period=…&source=…&method=…, so that it can be sent and gone back to. */
(function (linkages) {
  const KEPT = ["period", "source", "method"];

  function decoded(text) {
    try { return decodeURIComponent(text.replace(/\+/g, " ")); } catch { return text; }
  }

  /* Read an address; what is not understood is left out. */
  function read(hash) {
    const [path, query] = String(hash).replace(/^#\/?/, "").split("?", 2);
    const [page, ...ids] = path.split("/").filter(Boolean).map(decoded);
    const choices = {};
    for (const pair of (query || "").split("&").filter(Boolean)) {
      const [name, ...value] = pair.split("=");
      choices[decoded(name)] = decoded(value.join("="));
    }
    return { page: page || "start", ids, choices };
  }

  /* Write an address. */
  function write(page, ids, choices) {
    const query = Object.entries(choices || {}).filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
    return `#/${[page, ...(ids || [])].map(encodeURIComponent).join("/")}${query ? `?${query}` : ""}`;
  }

  /* All periods together: only some pages show them. */
  const EVER = "all";

  /* Address of another page with the period, source and method of this view. */
  function to(view, page, ids, more) {
    const own = (name) => view.choices[name] && !(name === "period" && view.choices.period === EVER);
    const kept = Object.fromEntries(KEPT.filter(own).map((name) => [name, view.choices[name]]));
    return write(page, ids, { ...kept, ...more });
  }

  /* Address of this page with something chosen otherwise. */
  function same(view, changes) {
    return write(view.page, view.ids, { ...view.choices, ...changes });
  }

  Object.assign(linkages, { address: { read, write, to, same, EVER } });
})((window.linkages = window.linkages || {}));
