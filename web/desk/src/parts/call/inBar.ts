/** Menus of the top bar open inside of it: what stands in a landmark is found by those who jump between landmarks. */
export function inBar(trigger: HTMLElement): HTMLElement {
  return trigger.closest("header") ?? document.body;
}
