// Light for the desk, dark for the wall screen; remembered in this browser.
export type Theme = "light" | "dark";

const KEY = "jingce.theme";
const chosen = $state<{ theme: Theme }>({ theme: localStorage.getItem(KEY) === "dark" ? "dark" : "light" });

export const theme = {
  get name(): Theme {
    return chosen.theme;
  },
  set name(next: Theme) {
    chosen.theme = next;
    localStorage.setItem(KEY, next);
    show();
  },
};

/** Writes the theme to the root element, where the design tokens read it. */
export function show(): void {
  document.documentElement.dataset["theme"] = chosen.theme;
}
