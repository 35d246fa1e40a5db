/** What cannot be inlined, for clients that read it: dark themes and narrow screens. The same as in alertmanager/templates/email.tmpl. */
export const MAIL_STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .pad { padding-left: 18px !important; padding-right: 18px !important; }
  .buttons { width: 100% !important; }
  .button { display: block !important; padding-right: 0 !important; }
  .outer { padding: 0 !important; }
  .card { border-left: 0 !important; border-right: 0 !important; }
}
@media (prefers-color-scheme: dark) {
  .page { background-color: #12161b !important; }
  .card { background-color: #1d232b !important; border-color: #3a4450 !important; }
  .ink { color: #eef1f4 !important; }
  .soft { color: #b3bdc8 !important; }
  .box { background-color: #2a323c !important; border-color: #6ea8e5 !important; }
  .line { border-color: #3a4450 !important; }
  .link { color: #8db6ff !important; }
  .ghost, .ghost a { background-color: #2a323c !important; border-color: #6c7a89 !important; color: #eef1f4 !important; }
}
[data-ogsb] .page { background-color: #12161b !important; }
[data-ogsb] .card { background-color: #1d232b !important; }
[data-ogsb] .box { background-color: #2a323c !important; }
[data-ogsb] .ghost, [data-ogsb] .ghost a { background-color: #2a323c !important; }
[data-ogsc] .ink { color: #eef1f4 !important; }
[data-ogsc] .soft { color: #b3bdc8 !important; }
[data-ogsc] .link { color: #8db6ff !important; }
[data-ogsc] .ghost a { color: #eef1f4 !important; }
`;

const WRAP = { wordWrap: 'break-word', overflowWrap: 'anywhere' };

/** Inlined: what every client shows, Outlook too. */
export const INLINE = {
  wrap: WRAP,
  text: { fontSize: '15px', lineHeight: '23px', color: '#1f2933', ...WRAP },
  small: { fontSize: '13px', lineHeight: '18px', color: '#52606d', ...WRAP },
  label: { padding: '4px 8px 4px 0', fontSize: '14px', lineHeight: '20px', color: '#52606d' },
  fact: { padding: '4px 0', fontSize: '14px', lineHeight: '20px', color: '#1f2933', ...WRAP },
} as const;

/** A table that only places things. */
export const LAYOUT = { role: 'presentation', width: '100%', cellpadding: '0', cellspacing: '0', border: '0' } as const;

/** How urgent a mail is, by the colour of its head; white on each of these is WCAG AA. */
export const TONES = {
  critical: '#b3261e',
  high: '#a84300',
  medium: '#7d5a00',
  good: '#1b6e3c',
  plain: '#4a5563',
} as const;
