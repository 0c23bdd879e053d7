// Adds to pages that work without it: copying, completing while typing, '/' for the search box.
"use strict";

const words = document.getElementById("words").dataset;

function prepareCopying(button) {
  const text = button.querySelector("span");
  const before = text.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    let copied = true;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      copied = false;
    }
    text.textContent = copied ? words.copied : words.copyFailed;
    button.classList.toggle("is-done", copied);
    window.setTimeout(() => {
      text.textContent = before;
      button.classList.remove("is-done");
    }, 2000);
  });
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

function focusSearch(event) {
  const box = document.querySelector("[data-search-key]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!box || isTyping(event.target)) return;
  event.preventDefault();
  box.focus();
  box.select();
}

// A combobox (WAI-ARIA 1.2): the list follows the typing, arrows choose, Enter goes there.
class Suggestions {
  constructor(box) {
    this.box = box;
    this.wait = 0;
    this.asked = "";
    this.chosen = -1;
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = box.id + "-suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", words.suggestions);
    this.list.hidden = true;
    box.parentElement.append(this.list);
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", this.list.id],
    ]) {
      box.setAttribute(name, value);
    }
    box.addEventListener("input", () => this.later());
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
  }

  later() {
    window.clearTimeout(this.wait);
    this.wait = window.setTimeout(() => this.ask(), 150);
  }

  async ask() {
    const text = this.box.value.trim();
    this.asked = text;
    if (text.length < 2) {
      this.close();
      return;
    }
    try {
      const address = new URL(this.box.dataset.suggest, window.location.href);
      address.searchParams.set("q", text);
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok || this.asked !== text) return;
      this.show((await answer.json()).items);
    } catch {
      this.close();
    }
  }

  show(items) {
    this.chosen = -1;
    this.list.replaceChildren(...items.map((item, place) => this.option(item, place)));
    this.list.hidden = items.length === 0;
    this.box.setAttribute("aria-expanded", String(items.length > 0));
    this.box.removeAttribute("aria-activedescendant");
  }

  option(item, place) {
    const option = document.createElement("li");
    const name = document.createElement("bdi");
    const state = document.createElement("span");
    option.id = this.list.id + "-" + place;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.address = item.kind === "state" ? "/states/" + item.state : "/entries/" + item.id;
    name.textContent = item.name;
    state.textContent = item.state;
    state.className = "suggestion-state";
    option.append(name, state);
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      window.location.assign(option.dataset.address);
    });
    return option;
  }

  key(event) {
    const options = this.list.children;
    if (this.list.hidden) return;
    if (event.key === "Escape") {
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.choose((this.chosen + step + options.length + 1) % (options.length + 1));
    } else if (event.key === "Enter" && options[this.chosen]) {
      window.location.assign(options[this.chosen].dataset.address);
    } else {
      return;
    }
    event.preventDefault();
  }

  choose(place) {
    this.chosen = place;
    [...this.list.children].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === place));
    });
    const option = this.list.children[place];
    if (option) {
      option.scrollIntoView({ block: "nearest" });
      this.box.setAttribute("aria-activedescendant", option.id);
    } else {
      this.box.removeAttribute("aria-activedescendant");
    }
  }

  close() {
    this.list.hidden = true;
    this.chosen = -1;
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }
}

// The form of an entry: what a change is and needs follows the typing, without its button.
class Outlook {
  constructor(form) {
    this.form = form;
    this.target = document.getElementById(form.dataset.outlook);
    this.wait = 0;
    this.asked = 0;
    form.addEventListener("input", () => this.later());
  }

  later() {
    window.clearTimeout(this.wait);
    this.wait = window.setTimeout(() => this.ask(), 700);
  }

  async ask() {
    const turn = ++this.asked;
    const data = new FormData(this.form);
    data.delete("file");
    data.set("do", "outlook");
    try {
      const answer = await fetch(window.location.pathname, { method: "POST", body: data });
      const text = await answer.text();
      if (turn !== this.asked || ![200, 422].includes(answer.status)) return;
      this.target.innerHTML = text;
    } catch {
      // Without an answer the button still shows it.
    }
  }
}

// A menu of the masthead closes like any other: by Escape, and by a click elsewhere.
function closeMenus(event) {
  const isEscape = event.type === "keydown" && event.key === "Escape";
  if (event.type === "keydown" && !isEscape) return;
  document.querySelectorAll("details.drop[open]").forEach((menu) => {
    if (!isEscape && menu.contains(event.target)) return;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  });
}

// Openings are told on the reader's clock too; the server learns its zone from this cookie.
function tellZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const told = "directory_zone=" + zone;
  if (!zone || document.cookie.split("; ").includes(told)) return;
  const secure = window.location.protocol === "https:" ? "; secure" : "";
  document.cookie = told + "; path=/; max-age=31536000; samesite=lax" + secure;
}

tellZone();
document.querySelectorAll("form[data-outlook]").forEach((form) => new Outlook(form));
document.querySelectorAll("[data-copy]").forEach(prepareCopying);
document.querySelectorAll("[data-suggest]").forEach((box) => new Suggestions(box));
document.addEventListener("keydown", focusSearch);
document.addEventListener("keydown", closeMenus);
document.addEventListener("click", closeMenus);
