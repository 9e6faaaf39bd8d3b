// Whether the window is as narrow as a phone's, where wide tables become cards.

const query = matchMedia("(max-width: 640px)");
const shown = $state({ narrow: query.matches });
query.addEventListener("change", (event) => (shown.narrow = event.matches));

export const width = {
  get narrow(): boolean {
    return shown.narrow;
  },
};
