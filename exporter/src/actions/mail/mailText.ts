import { compile } from 'html-to-text';
import type { FormatCallback } from 'html-to-text';
import { z } from 'zod';

/** `Label: value` of a row or a cell that has both. */
const labelled: FormatCallback = (element, walk, builder, options) => {
  const [label, value] = element.children.filter(({ type }) => type === 'tag');
  builder.openBlock(options);
  walk(label?.children ?? [], builder);
  builder.addInline(':');
  builder.addInline(' ');
  walk(value?.children ?? [], builder);
  builder.closeBlock(options);
};

/** `Label: address`, the address whole. */
const action: FormatCallback = (element, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 2 });
  walk(element.children, builder);
  builder.addInline(':');
  builder.addLineBreak();
  const { href } = z.looseObject({ href: z.string() }).parse(element.attribs);
  builder.addInline(href, { noWordTransform: true });
  builder.closeBlock({ trailingLineBreaks: 2 });
};

const block = { leadingLineBreaks: 1, trailingLineBreaks: 1 };
const apart = { leadingLineBreaks: 2, trailingLineBreaks: 2 };
const heading = { uppercase: false, ...apart };

/** The text part of a mail, from its HTML part, wrapped at 78 characters; tables of numbers stay tables. */
export const mailText: (html: string) => string = compile({
  wordwrap: 78,
  formatters: { labelled, action },
  selectors: [
    { selector: '*', format: 'inline' },
    { selector: '.preheader', format: 'skip' },
    { selector: 'title', format: 'skip' },
    { selector: 'style', format: 'skip' },
    { selector: 'h1', format: 'heading', options: heading },
    { selector: 'h2', format: 'heading', options: heading },
    { selector: 'p', format: 'paragraph' },
    { selector: 'div', format: 'block', options: block },
    { selector: 'table', format: 'block', options: block },
    { selector: 'table.data', format: 'dataTable', options: { maxColumnWidth: 40, uppercaseHeaderCells: false } },
    { selector: 'tr', format: 'block', options: block },
    { selector: 'td', format: 'block', options: block },
    { selector: '.part', format: 'block', options: apart },
    { selector: '.fact', format: 'labelled', options: block },
    { selector: '.long.fact', format: 'labelled', options: apart },
    { selector: '.figure', format: 'labelled', options: block },
    { selector: '.footer', format: 'block', options: { leadingLineBreaks: 3, trailingLineBreaks: 1 } },
    { selector: 'a.action', format: 'action' },
    { selector: 'a', format: 'anchor', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] } },
    { selector: 'ul', format: 'unorderedList' },
    { selector: 'ol', format: 'orderedList' },
    { selector: 'br', format: 'lineBreak' },
  ],
});
