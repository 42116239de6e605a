// Apart from the draft itself: signing out needs only this, and is loaded with the first screen.

/** Where the tab keeps the draft of this user. */
export const draftPlace = (userId: number) => `order-desk.draft.${userId}`

/** Who leaves by will leaves no draft behind; but one that may have become an order still has to be looked after. */
export function forgetDraft(userId: number): void {
  const place = draftPlace(userId)
  const kept = sessionStorage.getItem(place)
  if (kept?.includes('"sent":null')) sessionStorage.removeItem(place)
}
