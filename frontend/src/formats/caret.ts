const COUNTS = /[0-9A-Za-z]/

/** Where the caret belongs when what was typed is shown with its punctuation: behind the same letter or digit. */
export function caretIn(shown: string, typed: string, caret: number): number {
  if (caret >= typed.length) return shown.length
  let before = [...typed.slice(0, caret)].filter((character) => COUNTS.test(character)).length
  for (let place = 0; place < shown.length; place++) {
    if (before === 0) return place
    if (COUNTS.test(shown[place] ?? '')) before--
  }
  return shown.length
}
