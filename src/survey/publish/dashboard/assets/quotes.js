/* Saves the cards of the page as PNG: nothing leaves the page but a file. */
"use strict";

(() => {
  const save = (address, name) => {
    const link = survey.make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
  };

  const png = (svg) => new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => {
      const canvas = survey.make("canvas");
      canvas.width = 1200;
      canvas.height = 630;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      done(canvas.toDataURL("image/png"));
    };
    image.onerror = () => failed(new Error("The card cannot be drawn"));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  });

  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-png]");
    if (button) save(await png(button.closest("article").querySelector("svg")), `${button.dataset.png}.png`);
  });
})();
