/*
 * Shows the pixels of each picture below it once it has loaded. Puts a card in the place of a
 * picture that the browser cannot show. Without scripts the page lacks only these.
 */
const note = (img) => {
  const place = img.closest('figure').querySelector('[data-size]');
  if (place && img.naturalWidth) place.textContent = `${img.naturalWidth} × ${img.naturalHeight}`;
};
const missing = (img) => {
  const frame = img.parentElement;
  frame.classList.add('none');
  frame.textContent = 'This browser cannot show this file.';
};
document.addEventListener(
  'load',
  (event) => {
    if (event.target.tagName === 'IMG') note(event.target);
  },
  true,
);
document.addEventListener(
  'error',
  (event) => {
    if (event.target.tagName === 'IMG') missing(event.target);
  },
  true,
);
for (const img of document.images)
  if (img.complete) img.naturalWidth ? note(img) : img.src && missing(img);
