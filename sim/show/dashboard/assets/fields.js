// A plain select writes its value into the store beside it, and is set from there.
"use strict";

document.addEventListener("change", (event) => {
  const { id, tagName, value } = event.target;
  if (tagName !== "SELECT" || !id.startsWith("{")) return;
  const { name, select } = JSON.parse(id);
  if (select) dash_clientside.set_props({ field: select, name: name }, { data: value });
});

const settle = (name, value) => {
  const there = document.getElementById(JSON.stringify({ name: name, select: "pick" }));
  if (there && value !== undefined && value !== null && there.value !== value) there.value = value;
};

window.dash_clientside = Object.assign({}, window.dash_clientside, {
  rungs: {
    // After its options or its store changed: the select shows what the store holds.
    mirror(value, _options, id) {
      setTimeout(() => settle(id.name, value), 0);
      setTimeout(() => settle(id.name, value), 60);
      return window.dash_clientside.no_update;
    },
    // Which section is shown, and which link says so.
    page(path, ids, links) {
      const known = ids.some((id) => id.page === path);
      const at = known ? path : "/";
      document.title = "Rungs: " + (links.find((id) => id.link === at) || { link: "" }).link.slice(1);
      if (at === "/") document.title = "Rungs: campaign";
      setTimeout(() => window.dispatchEvent(new Event("resize")), 0);
      return [
        ids.map((id) => id.page !== at),
        links.map((id) => (id.link === at ? "here" : "")),
        at !== "/" && at !== "/branch",
      ];
    },
    // A picture on screen as a file.
    picture(clicks, id) {
      if (!clicks) return window.dash_clientside.no_update;
      const figure = document.getElementById(JSON.stringify({ figure: id.save }));
      const plot = figure && figure.querySelector(".js-plotly-plot");
      if (plot) window.Plotly.downloadImage(plot, { format: "svg", filename: id.save, width: 1000, height: 620 });
      return window.dash_clientside.no_update;
    },
  },
});

// Arrow keys step through a journal, except where a field needs them.
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: "journal-back", ArrowRight: "journal-next" }[event.key];
  const page = document.getElementById("journal-page");
  if (!step || !page || page.closest("[hidden]") || event.altKey || event.ctrlKey || event.metaKey) return;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  document.getElementById(step).click();
});
