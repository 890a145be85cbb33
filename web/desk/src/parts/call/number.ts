/** Characters that people put between digits. */
const SEPARATORS = /[\s\-().·‐–—]/g;
const DIALABLE = /^\+?[0-9*#]{1,32}$/;

/** A number as it will be dialled, or null. Full-width digits (as a Chinese input method types them) count. */
export function normalNumber(text: string): string | null {
  const plain = text.normalize("NFKC").replace(SEPARATORS, "");
  return DIALABLE.test(plain) ? plain : null;
}
