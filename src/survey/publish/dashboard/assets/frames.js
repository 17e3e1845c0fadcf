/* In the page around frames of the survey: makes each as high as what it shows. */
"use strict";

addEventListener("message", ({ source, data }) => {
  const height = Number(data?.height);
  if (typeof data?.survey !== "string" || !(height > 0 && height < 20000)) return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow === source) frame.style.height = `${Math.ceil(height)}px`;
  }
});
