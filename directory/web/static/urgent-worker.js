// Keeps the urgent page for the browser that opened it, so that it can be read without a network.
// It asks nobody but this directory, keeps nothing but that page, the list of those kept and their
// files, and forgets them when their time is over, when the directory no longer knows who asks, and at sign-out.
"use strict";

const KEPT = "urgent";
const PAGE = "/counterpart/urgent";
// Tells what is kept; shown for what is not, when there is no network.
const LIST = "/counterpart/urgent/kept";
const FILES = ["/static/urgent.css", "/static/urgent-dark.css", "/static/urgent.js"];
const KEEP_UNTIL = "Directory-Keep-Until";
// Pages kept at most; the oldest goes first.
const MOST = 20;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && [PAGE, LIST].includes(url.pathname)) {
    event.respondWith(page(event));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(file(event.request));
  }
});

// The page was opened before there was anybody to keep it: it asks for that once.
self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(keepFirst(event.source));
});

async function keepFirst(client) {
  const cache = await caches.open(KEPT);
  await cache.addAll(FILES);
  const answer = await fetch(client.url, { redirect: "manual" });
  if (answer.ok) {
    await keep(client.url, answer);
    await keepList();
    client.postMessage("kept");
  }
}

// In the language and the colours of the latest page.
async function keepList() {
  const answer = await fetch(LIST, { redirect: "manual" });
  if (answer.ok) await keep(LIST, answer);
}

async function page(event) {
  const { request } = event;
  let answer;
  try {
    answer = await fetch(request);
  } catch {
    return (await kept(request.url)) || (await kept(LIST)) || Response.error();
  }
  if (answer.ok) {
    const isList = new URL(request.url).pathname === LIST;
    await keep(isList ? LIST : request.url, answer.clone());
    // Nobody waits for the list at night.
    if (!isList) event.waitUntil(keepList().catch(() => {}));
  } else if (answer.status >= 500) {
    return (await kept(request.url)) || answer;
  } else if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) {
    await caches.delete(KEPT);
  }
  return answer;
}

async function keep(url, answer) {
  // The form of a question is nothing to be kept.
  if (!answer.headers.has(KEEP_UNTIL)) return;
  const cache = await caches.open(KEPT);
  await cache.delete(url);
  await cache.put(url, answer);
  const pages = (await cache.keys()).filter((one) => new URL(one.url).pathname === PAGE);
  for (const one of pages.slice(0, -MOST)) await cache.delete(one);
}

async function kept(url) {
  const cache = await caches.open(KEPT);
  const copy = await cache.match(url);
  if (!copy) return undefined;
  if (!(Date.parse(copy.headers.get(KEEP_UNTIL)) > Date.now())) {
    await cache.delete(url);
    return undefined;
  }
  // The style sheet shows the band that says so; the copy itself says as of when it is.
  const text = (await copy.text()).replace("<html ", "<html data-offline ");
  const headers = new Headers(copy.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(text, { status: 200, headers });
}

async function file(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(KEPT)).put(request.url, answer.clone());
    return answer;
  } catch {
    return (await caches.match(request.url)) || Response.error();
  }
}
