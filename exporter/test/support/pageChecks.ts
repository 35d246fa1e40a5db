import type { Page } from 'playwright-core';
import { findProgram } from './findProgram.js';

/** How Chromium is started in tests: alone, without a network of its own. */
export const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium's path; null where it is not installed, which on a build server is an error. */
export function findChromium(): string | null {
  return findProgram(['/usr/bin/chromium', '/usr/local/bin/chromium', '/snap/bin/chromium'], 'chromium');
}

/** How far a page scrolls sideways, and what sticks out of it. */
export function overflow(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    const outside = [...document.querySelectorAll('body *')]
      .filter((e) => e.getBoundingClientRect().right > width + 0.5)
      .map((e) => e.tagName + '.' + e.className);
    return { page: document.documentElement.scrollWidth - width, outside };
  })()`);
}

/** Texts that are shown and whose contrast with the background behind them is below WCAG AA (4.5). */
export function lowContrast(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const background = (e) => {
      for (let at = e; at; at = at.parentElement) {
        const colour = channels(getComputedStyle(at).backgroundColor);
        if (colour[3] === undefined || colour[3] === 1) return colour;
      }
      return [255, 255, 255];
    };
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.textContent.trim() || element.getClientRects().length === 0) continue;
      const style = getComputedStyle(element);
      const [a, b] = [luminance(channels(style.color)), luminance(background(element))].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < 4.5) found.add(element.tagName + '.' + element.className + ' ' + style.color + ' ' + ratio.toFixed(2));
    }
    return [...found];
  })()`);
}
