// Has the urgent page kept on this device, and says when it is; the page works without it.
"use strict";

const kept = document.getElementById("kept");
const list = document.getElementById("kept-list");

function showKept() {
  if (kept) kept.hidden = false;
  if (list) showList().catch(() => {});
}

// The answers whose time is not over, the latest first.
async function showList() {
  const cache = await caches.open("urgent");
  const found = [];
  for (const request of await cache.keys()) {
    const url = new URL(request.url);
    if (url.pathname !== "/counterpart/urgent") continue;
    // The worker may be putting a newer copy in its place, or forgetting it.
    const copy = await cache.match(request);
    const isOver = !copy || !(Date.parse(copy.headers.get("Directory-Keep-Until")) > Date.now());
    if (!isOver) found.unshift([url, await copy.text()]);
  }
  list.replaceChildren(...found.map(([url, text]) => line(url, text)));
  list.hidden = !found.length;
  document.getElementById("kept-none").hidden = Boolean(found.length);
}

function line(url, text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const link = document.createElement("a");
  link.href = url.pathname + url.search;
  link.textContent = page.querySelector("h1").textContent.replace(/\s+/g, " ").trim();
  const told = document.createElement("span");
  told.className = "rule";
  told.textContent = page.querySelector("time").textContent;
  const item = document.createElement("li");
  item.append(link, " ", told);
  return item;
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

// What is kept can be told whether or not the worker that keeps it answers.
if (list && "caches" in window) showList().catch(() => {});

if ("serviceWorker" in navigator) {
  // A browser that keeps nothing (private windows) shows the page all the same.
  keepThisPage().catch(() => {});
}
