"use strict";
/* Charts made of a payload's table, in the dress of the figures. */
(function (linkages) {
  const FONT = "Arial, Liberation Sans, Helvetica, sans-serif";
  const INK = "#333333";
  const WORDS = { labelFont: FONT, titleFont: FONT, labelColor: INK, titleColor: INK, labelFontSize: 11, titleFontSize: 11,
    labelLimit: 300, titleFontWeight: "normal" };
  const CONFIG = { view: { stroke: null }, axis: { ...WORDS, grid: false }, legend: { ...WORDS }, text: { font: FONT },
    title: { font: FONT, subtitleFont: FONT, fontSize: 17, subtitleFontSize: 12, subtitleColor: "#595959", color: INK } };

  function sheet(chart, { title, subtitle, source }) {
    return { $schema: "https://vega.github.io/schema/vega-lite/v6.json", config: CONFIG, background: "white", padding: 12,
      title: { text: title, subtitle, anchor: "start", frame: "bounds", offset: 14 },
      vconcat: [{ ...chart, title: { text: source, orient: "bottom", anchor: "start", frame: "bounds", offset: 10, fontSize: 10,
        fontWeight: "normal", color: "#6a6a6a" } }] };
  }

  function first(text, length) {
    return text.length > length ? `${text.slice(0, length - 1)}…` : text;
  }

  /* Bars of the strongest: rows are {node, label, value, page, colour?, group?}; `value` is in `unit`, `grouped` heads the groups. */
  function bars(rows, { title, subtitle, source, unit, format, grouped = "Space" }) {
    const values = rows.map((row) => ({ ...row, name: first(row.label, 48) }));
    const groups = [...new Map(values.filter((row) => row.group).map((row) => [row.group, row.colour])).entries()]
      .sort(([a], [b]) => a.localeCompare(b));
    const color = groups.length
      ? { field: "group", type: "nominal", title: grouped, scale: { domain: groups.map(([name]) => name), range: groups.map(([, hue]) => hue) } }
      : { value: "#0B4F79" };
    const spec = sheet({
      data: { values }, width: 520, height: { step: 21 },
      encoding: { y: { field: "name", type: "nominal", sort: null, title: null, axis: { domain: false, ticks: false, labelPadding: 6 } },
        x: { field: "value", type: "quantitative", title: unit, axis: { tickCount: 5, domain: false, ticks: false, grid: true, gridColor: "#e9edf0" } } },
      layer: [
        { mark: { type: "bar", height: 15, cornerRadiusEnd: 2 }, encoding: { color,
          tooltip: [{ field: "label", title: "Name" }, { field: "value", title: unit, format: format || ",.1~f" },
            ...(groups.length ? [{ field: "group", title: grouped }] : [])] } },
        { mark: { type: "text", align: "left", dx: 4, fontSize: 10, color: INK }, encoding: { text: { field: "value", format: format || ",.1~f" } } },
      ],
    }, { title, subtitle, source });
    const alt = `Bars. ${title}. ${values.slice(0, 5).map((row) => `${row.label} ${linkages.number(row.value)}${row.group ? ` (${row.group})` : ""}`).join(", ")}.`;
    const data = { columns: [{ name: "label", label: "Name", kind: "text" }, ...(groups.length ? [{ name: "group", label: grouped, kind: "text" }] : []),
      { name: "value", label: unit, kind: "number" }], rows: rows.map((row) => [row.label, ...(groups.length ? [row.group] : []), row.value]) };
    return { title, alt, spec, get: () => Promise.resolve({ spec, data }) };
  }

  /* Two values a row joined by a line: rows are {label, before, after, group, colour}. */
  function steps(rows, { title, subtitle, source, unit, before, after }) {
    const values = rows.map((row) => ({ ...row, name: first(row.label, 60) }));
    const groups = [...new Map(values.map((row) => [row.group, row.colour])).entries()];
    const color = { field: "group", type: "nominal", title: null, scale: { domain: groups.map(([name]) => name), range: groups.map(([, hue]) => hue) },
      legend: { orient: "top" } };
    const y = { field: "name", type: "nominal", sort: null, title: null, axis: { domain: false, ticks: false, labelPadding: 6, labelLimit: 380 } };
    const x = (field) => ({ field, type: "quantitative", title: unit, axis: { tickCount: 5, domain: false, ticks: false, grid: true, gridColor: "#e9edf0" } });
    const tooltip = [{ field: "label", title: "Link" }, { field: "before", title: before, format: ",.1~f" }, { field: "after", title: after, format: ",.1~f" },
      { field: "group", title: "Change" }];
    const spec = sheet({ data: { values }, width: 460, height: { step: 21 }, encoding: { y }, layer: [
      { mark: { type: "rule", strokeWidth: 2, opacity: 0.6 }, encoding: { x: x("before"), x2: { field: "after" }, color, tooltip } },
      { mark: { type: "point", filled: false, size: 45, fill: "white", strokeWidth: 1.8 }, encoding: { x: x("before"), color, tooltip } },
      { mark: { type: "circle", size: 85, opacity: 1 }, encoding: { x: x("after"), color, tooltip } },
    ] }, { title, subtitle, source });
    const alt = `Dots. ${title}. ${values.slice(0, 5).map((row) => `${row.label} from ${linkages.number(row.before)} to ${linkages.number(row.after)}`).join("; ")}.`;
    const data = { columns: [{ name: "label", label: "Link", kind: "text" }, { name: "group", label: "Change", kind: "text" },
      { name: "before", label: before, kind: "number" }, { name: "after", label: after, kind: "number" }],
    rows: rows.map((row) => [row.label, row.group, row.before, row.after]) };
    return { title, alt, spec, get: () => Promise.resolve({ spec, data }) };
  }

  Object.assign(linkages, { bars, steps });
})((window.linkages = window.linkages || {}));
