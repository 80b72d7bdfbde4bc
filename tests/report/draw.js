// Has Mermaid parse and draw each of GRAPHS; what came of it is in the body's data-said.
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
(async () => {
  const said = {};
  for (const [name, text] of Object.entries(GRAPHS)) {
    try {
      const kind = (await mermaid.parse(text)).diagramType;
      const { svg } = await mermaid.render(name, text);
      const drawing = new DOMParser().parseFromString(svg, "text/html");
      const labels = [...drawing.querySelectorAll(".nodeLabel")].map((label) => label.textContent);
      said[name] = [kind, drawing.querySelectorAll("g.node").length, labels.join("\n")];
    } catch (error) {
      said[name] = [String(error), 0, ""];
    }
  }
  document.body.dataset.said = JSON.stringify(said);
})();
