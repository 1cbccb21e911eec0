"use strict";
/* Files for the reader: tables as CSV, figures as SVG and PNG, made in the page. */
(function (linkages) {
  /* Give a file name that every system takes. */
  function fileName(text, ending) {
    const bare = linkages.folded(text).replace(/[^a-z0-9]+/g, "-").slice(0, 80).replace(/^-|-$/g, "");
    return `${bare || "linkages"}.${ending}`;
  }

  function quoted(text) {
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  }

  /* Write a cell: words that a spreadsheet would take for a formula get a blank before them, as in the API's CSV; numbers stay. */
  function cell(value) {
    if (value === null || value === undefined) return "";
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    return quoted(/^[=+\-@\t\r\n]/.test(text) && Number.isNaN(Number(text)) ? ` ${text}` : text);
  }

  /* Write rows as CSV, the columns' names first. */
  function csv(columns, rows) {
    const lines = [columns.map((column) => quoted(column.name)), ...rows.map((row) => row.map(cell))];
    return lines.map((line) => line.join(",")).join("\r\n") + "\r\n";
  }

  function give(blob, name) {
    const url = URL.createObjectURL(blob);
    const link = linkages.el("a", { href: url, download: name, hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
    window.setTimeout(() => URL.revokeObjectURL(url), 10000);
    linkages.announce(`${name} is saved`);
  }

  function saveTable(title, columns, rows) {
    // The mark at the start tells spreadsheets that the file is UTF-8.
    give(new Blob(["\ufeff", csv(columns, rows)], { type: "text/csv;charset=utf-8" }), fileName(title, "csv"));
  }

  async function saveFigure(title, view, kind) {
    if (kind === "svg") {
      give(new Blob([await view.toSVG()], { type: "image/svg+xml" }), fileName(title, "svg"));
      return;
    }
    const canvas = await view.toCanvas(3);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    give(blob, fileName(title, "png"));
  }

  Object.assign(linkages, { saveTable, saveFigure, csv });
})((window.linkages = window.linkages || {}));
