"use strict";
/* Elements, words and numbers. Text from data becomes a text node, never markup. */
(function (linkages) {
  const NONE = "–";
  const LETTERS = { ø: "o", ł: "l", ß: "ss", æ: "ae", œ: "oe", đ: "d", ð: "d", þ: "th", ı: "i" };

  /* Make an element: attributes by name, `on` an object of listeners, children strings or nodes. */
  function el(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") for (const [event, run] of Object.entries(value)) made.addEventListener(event, run);
      else if (name === "hue") made.style.setProperty("--hue", value);
      else made.setAttribute(name, value === true ? "" : String(value));
    }
    made.append(...children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false));
    return made;
  }

  /* Fold accents and case, so that a name is found however it is typed. */
  function folded(text) {
    const bare = String(text).toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    return bare.replace(/[øłßæœđðþı]/g, (sign) => LETTERS[sign]).replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  }

  function number(value, digits) {
    if (value === null || value === undefined || value === "" || Number.isNaN(Number(value))) return NONE;
    const large = Math.abs(value) >= 100 || Number.isInteger(value);
    const most = digits ?? (large ? (Number.isInteger(value) ? 0 : 1) : 2);
    return Number(value).toLocaleString("en", { maximumFractionDigits: most, minimumFractionDigits: large ? 0 : most })
      .replace(/^-(?=[0.,]*$)/, "").replace("-", "−");
  }

  function share(value) {
    if (typeof value !== "number") return NONE;
    if (value > 0 && value < 0.005) return "under 1 %";
    if (value >= 0.995 && value < 1) return "over 99 %";
    return `${number(Math.round(value * 100))} %`;
  }

  function chance(value) {
    if (typeof value !== "number") return NONE;
    return value < 0.001 ? "under 0.001" : value.toFixed(3);
  }

  /* Write a cell as its column's kind wants it. */
  function said(value, kind) {
    if (value === null || value === undefined || value === "") return NONE;
    if (kind === "share") return share(value);
    if (kind === "p") return chance(value);
    if (typeof value === "boolean") return value ? "yes" : "no";
    if (typeof value === "number" && kind !== "code") return number(value);
    if (Array.isArray(value)) return value.map((one) => said(one, kind)).join(", ");
    if (typeof value === "object") return Object.entries(value).map(([k, v]) => `${k}: ${said(v)}`).join(", ");
    return kind === "period" ? years(value) : String(value);
  }

  /* "2000-2007" as people write it. */
  function years(period) {
    const [first, last] = String(period).split("-");
    return !last || first === last ? first : `${first}–${last}`;
  }

  /* Take the word that almost every sector bears off a name, unless what is left says too little: "Miscellaneous". */
  function plain(name) {
    const vague = /^((all|other|general|miscellaneous|primary|metal) ?)+$/i;
    const bare = (part) => part.replace(/ manufacturing$/, "");
    return String(name ?? "").split(" + ").map((part) => (vague.test(bare(part)) ? part : bare(part))).join(" + ");
  }

  function counted(amount, noun, plural) {
    return amount ? `${number(amount)} ${amount === 1 ? noun : plural || `${noun}s`}` : `no ${plural || `${noun}s`}`;
  }

  /* White or dark letters, whichever can be read on a colour (WCAG 2.2, relative luminance). */
  function ink(colour) {
    const parts = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16) / 255);
    const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return 1.05 / (light + 0.05) >= (light + 0.05) / 0.0563 ? "white" : "dark";
  }

  /* The letter of a space on its colour. */
  function tag(letter, hue) {
    if (!letter) return null;
    const safe = /^#[0-9a-f]{6}$/i.test(hue || "") ? hue : "#d9d9d9";
    return el("span", { class: `tag ${ink(safe)}`, hue: safe }, letter);
  }

  /* Say something to those who listen to the page. */
  function announce(text) {
    document.getElementById("said").textContent = text;
  }

  Object.assign(linkages, { el, folded, number, said, share, years, plain, counted, tag, announce, NONE });
})((window.linkages = window.linkages || {}));
