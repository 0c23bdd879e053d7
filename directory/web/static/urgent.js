// Has the urgent page kept on this device, and says when it is; the page works without it.
"use strict";

const kept = document.getElementById("kept");

function showKept() {
  kept.hidden = false;
}

async function keepThisPage() {
  const workers = navigator.serviceWorker;
  workers.addEventListener("message", (event) => {
    if (event.data === "kept") showKept();
  });
  const isKept = Boolean(workers.controller);
  await workers.register("/counterpart/urgent-worker.js", { scope: "/counterpart/urgent" });
  const { active } = await workers.ready;
  if (isKept) showKept();
  else active.postMessage("keep");
}

if ("serviceWorker" in navigator) {
  // A browser that keeps nothing (private windows) shows the page all the same.
  keepThisPage().catch(() => {});
}
