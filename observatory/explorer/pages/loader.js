"use strict";
/* One way to the data: JSON from a server; from disk, where a browser does not fetch, the same as a script. */
(function (linkages) {
  const ROOT = "api/v1/";
  const held = new Map();
  const taken = new Map();
  const disk = window.location.protocol === "file:";

  /* Called by the scripts `….json.js`. */
  function take(path, payload) {
    const script = document.currentScript;
    taken.set((script && script.dataset.path) || path, payload);
  }

  function script(source, path) {
    return new Promise((resolve, reject) => {
      const one = document.createElement("script");
      one.src = source;
      if (path) one.dataset.path = path;
      one.onload = () => { one.remove(); resolve(); };
      one.onerror = () => { one.remove(); reject(new Error(`${source} cannot be read`)); };
      document.head.append(one);
    });
  }

  /* Large payloads stand in their scripts pressed (gzip), in letters (base64). */
  function unpressed(letters) {
    const bytes = Uint8Array.from(atob(letters), (one) => one.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  }

  async function fromDisk(path) {
    // A percent sign that is part of a file's name is told from one that stands for another sign.
    await script(`${ROOT}${path.replace(/%/g, "%25")}.json.js`, path);
    if (!taken.has(path)) throw new Error(`${path} holds nothing`);
    const payload = taken.get(path);
    taken.delete(path);
    return typeof payload === "string" ? unpressed(payload) : payload;
  }

  async function fromServer(path) {
    const answer = await fetch(`${ROOT}${path}.json`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status === 404 ? "the study holds nothing of that name" : `answer ${answer.status}`);
    return answer.json();
  }

  /* Load a payload once; what failed may be asked for again. */
  function load(path) {
    if (!held.has(path)) {
      const asked = disk ? fromDisk(path) : fromServer(path);
      held.set(path, asked);
      asked.catch(() => held.delete(path));
    }
    return held.get(path);
  }

  /* Forget a payload, so that it is asked for anew. */
  function forget(path) {
    held.delete(path);
  }

  let drawing;
  /* The program that draws, once and only when a figure is wanted. */
  function vega() {
    drawing = drawing || (window.vegaEmbed ? Promise.resolve() : script("vega.js"));
    return drawing.then(() => window.vegaEmbed);
  }

  Object.assign(linkages, { take, load, forget, vega });
})((window.linkages = window.linkages || {}));
