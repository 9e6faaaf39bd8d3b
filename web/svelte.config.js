// TypeScript in components needs no preprocessor: Svelte 5 strips the types itself.
export default {};
