// Starts the application: design tokens, language and theme of the root element, links, then the first page.
import { mount } from "svelte";
import App from "./App.svelte";
import { show as showLanguage } from "./i18n/index.svelte";
import { loadPlaces } from "./state/place.svelte";
import { followLinks } from "./state/router.svelte";
import { show as showTheme } from "./state/theme.svelte";
import "./style/tokens.css";
import "./style/base.css";

showLanguage();
showTheme();
followLinks();
void loadPlaces();

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no element with id app");
mount(App, { target });
