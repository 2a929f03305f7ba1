// A slide with more text than it has room for is set smaller, down to what can still be read from the back.

const SIZES = [1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58];

export function fitSlide(slide: HTMLElement, height: number): void {
  if (slide.classList.contains("stack") || slide.scrollHeight === 0) {
    return;
  }
  for (const size of SIZES) {
    slide.style.fontSize = size === 1 ? "" : `${size}em`;
    if (slide.scrollHeight <= height) {
      return;
    }
  }
}
