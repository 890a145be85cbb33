/**
 * What a form holds, to be written: the loaded item under what was changed of it, so that what the form does not show stays as
 * it was. `onFinish` gives registered fields only. Fields that `blank` does not have are the server's own (id, version).
 */
export function whole<N extends object>(held: object | undefined, blank: N): N {
  const ours = Object.entries(held ?? {}).filter(([field]) => field in blank);
  return Object.fromEntries(ours) as N;
}
