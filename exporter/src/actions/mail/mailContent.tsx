import type { ComponentChild, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { line } from './line.js';
import { INLINE, LAYOUT, MAIL_STYLE, TONES } from './mailStyle.js';
import { mailText } from './mailText.js';

/** What a mail says, once: its HTML and its text are made from the same parts (mailParts.tsx). */
export interface MailContent {
  /** One line; the headline too where that is left out. */
  readonly subject: string;
  /** What stands in the coloured head. */
  readonly headline?: string;
  /** The word or two above the headline, such as "Conflict · high". */
  readonly kind?: string;
  readonly tone?: keyof typeof TONES;
  /** What a list of mails shows behind the subject: what there is to do. */
  readonly preheader?: string;
  /** The last, small line: which alert or date it comes from, and for whom it is. */
  readonly footer?: string;
  readonly body: ComponentChild;
}

const MAX_SUBJECT = 200;
const BODY_STYLE = 'margin:0;padding:0;background-color:#eef1f4;-webkit-text-size-adjust:100%;';
const OUTER =
  'class="page" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#eef1f4"';
// The inner table is for Outlook on Windows, which knows no max-width.
const BEFORE_CARD = `<table ${OUTER}><tr><td class="outer" align="center" style="padding:24px 12px;">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`;
const AFTER_CARD = `<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table>`;
const HEAD = [
  '<meta charset="utf-8">',
  '<meta name="viewport" content="width=device-width, initial-scale=1">',
  '<meta name="color-scheme" content="light dark">',
  '<meta name="supported-color-schemes" content="light dark">',
  '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">',
].join('\n');

/** Whatever the parts are given, a mail holds no control or direction characters; line breaks of the HTML itself stay. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

/**
 * A mail as it is stored and sent. HTML: tables and inlined style for Outlook, at most 600 pixels wide, light and dark. Text: of
 * that same HTML. Every string is escaped by the renderer.
 */
export function renderMail(content: MailContent): {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
} {
  const subject = line(content.subject, MAX_SUBJECT);
  const head = `<head>\n${HEAD}\n${renderToString(<title>{subject}</title>)}\n<style>${MAIL_STYLE}</style>\n</head>`;
  const html = [
    `<!DOCTYPE html>\n<html lang="en">\n${head}\n<body class="page" bgcolor="#eef1f4" style="${BODY_STYLE}">`,
    content.preheader === undefined ? '' : renderToString(<Preheader text={content.preheader} />),
    BEFORE_CARD,
    renderToString(<Card content={content} />),
    AFTER_CARD,
    '</body>\n</html>\n',
  ]
    .join('\n')
    .replaceAll(UNSEEN, '');
  return { subject, html, text: mailText(html) };
}

function Preheader({ text }: { text: string }): VNode {
  return (
    <div class="preheader" style={{ display: 'none', maxHeight: '0', overflow: 'hidden' }}>
      {line(text)}
    </div>
  );
}

function Card({ content }: { content: MailContent }): VNode {
  const { subject, headline = subject, kind, tone = 'plain', footer } = content;
  const font = "'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
  const background = TONES[tone];
  return (
    <table
      class="card"
      {...LAYOUT}
      style={{
        maxWidth: '600px',
        backgroundColor: '#ffffff',
        border: '1px solid #d5dbe1',
        tableLayout: 'fixed',
        fontFamily: font,
      }}
    >
      <tr>
        <td class="pad" style={{ backgroundColor: background, padding: '18px 28px 20px', color: '#ffffff' }}>
          {kind !== undefined && <Kind text={kind} />}
          <h1
            style={{
              margin: '6px 0 0',
              fontSize: '21px',
              lineHeight: '28px',
              fontWeight: 'bold',
              color: '#ffffff',
              ...INLINE.wrap,
            }}
          >
            {line(headline)}
          </h1>
        </td>
      </tr>
      <tr>
        <td class="pad" style={{ padding: '18px 28px 24px' }}>
          {content.body}
        </td>
      </tr>
      {footer !== undefined && (
        <tr>
          <td
            class="pad soft line footer"
            style={{ ...INLINE.small, padding: '14px 28px 18px', borderTop: '1px solid #d5dbe1' }}
          >
            {line(footer)}
          </td>
        </tr>
      )}
    </table>
  );
}

function Kind({ text }: { text: string }): VNode {
  return (
    <div
      style={{
        fontSize: '13px',
        lineHeight: '18px',
        fontWeight: 'bold',
        letterSpacing: '0.06em',
        textTransform: 'uppercase',
        color: '#ffffff',
      }}
    >
      {line(text)}
    </div>
  );
}
