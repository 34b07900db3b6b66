/**
 * Writes each picture's pixels under it once it has loaded, and puts a card in the place of one
 * that the browser cannot show. Without scripts the page only lacks these.
 */
export const PAGE_SCRIPT = `
const note = (img) => {
  const place = img.closest('figure').querySelector('[data-pixels]');
  if (place && img.naturalWidth) place.textContent = img.naturalWidth + ' × ' + img.naturalHeight;
};
const missing = (img) => {
  const frame = img.parentElement;
  frame.classList.add('none');
  frame.textContent = 'This browser cannot show this file.';
};
document.addEventListener('load', (event) => { if (event.target.tagName === 'IMG') note(event.target); }, true);
document.addEventListener('error', (event) => { if (event.target.tagName === 'IMG') missing(event.target); }, true);
for (const img of document.images) if (img.complete) img.naturalWidth ? note(img) : img.src && missing(img);
`;
