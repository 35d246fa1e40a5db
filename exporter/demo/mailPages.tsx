import express, { type Express, type Request, type Response } from 'express';
import type { ComponentChildren, VNode } from 'preact';
import type { CaughtMail, MailCatcher } from './mailCatcher.js';
import { FactList, Page, pageHeaders, POLICY, sendPage } from '../src/actions/pages/page.js';

// What a mail shows is somebody else's: no script, nothing from elsewhere, and no reach into the page around it.
const MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const FRAMES_POLICY = `${POLICY}; frame-src 'self'`;

/** What a mail program would show of the mails that the demo sent, and sent nowhere. */
export function mailPages(catcher: MailCatcher): Express {
  const app = express().disable('x-powered-by');
  const missing = (response: Response): void => {
    sendPage(response, 404, <MailFrame title="There is no such mail">{ALL_MAILS}</MailFrame>);
  };
  const ofMail =
    (send: (mail: CaughtMail, response: Response, index: number) => boolean) =>
    ({ params }: Request<{ number: string; index?: string }>, response: Response): void => {
      const mail = catcher.caught().find(({ number }) => String(number) === params.number);
      if (mail === undefined || !send(mail, response, Number(params.index))) missing(response);
    };

  app.get('/', (_request, response) => {
    sendPage(response, 200, <MailList mails={catcher.caught()} />);
  });
  app.get(
    '/:number',
    ofMail((mail, response) => {
      sendPage(response, 200, <MailPage {...mail} />, FRAMES_POLICY);
      return true;
    }),
  );
  app.get(
    '/:number/html',
    ofMail(({ mail: { html } }, response) => {
      if (html !== undefined) pageHeaders(response, MAIL_POLICY).type('text/html; charset=utf-8').send(html);
      return html !== undefined;
    }),
  );
  app.get(
    '/:number/source',
    ofMail(({ raw }, response) => {
      pageHeaders(response, MAIL_POLICY).type('text/plain; charset=utf-8').send(raw);
      return true;
    }),
  );
  app.get(
    '/:number/attachments/:index',
    ofMail(({ mail: { attachments } }, response, index) => {
      const attachment = attachments[index];
      if (attachment === undefined) return false;
      const { content, filename, mimeType } = attachment;
      pageHeaders(response, MAIL_POLICY)
        .attachment(filename ?? 'attachment')
        .type(mimeType)
        .send(typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)));
      return true;
    }),
  );
  app.use((_request, response) => {
    missing(response);
  });
  return app;
}

const ALL_MAILS = (
  <p class="links">
    <a href="/">All mails</a>
  </p>
);

function MailFrame({ title, children }: { title: string; children: ComponentChildren }): VNode {
  return (
    <Page kind="Mails of the demo: none left this machine" title={title}>
      {children}
    </Page>
  );
}

function MailList({ mails }: { mails: readonly CaughtMail[] }): VNode {
  return (
    <MailFrame title={mails.length === 1 ? '1 mail' : `${mails.length} mails`}>
      {mails.length === 0 ? <p class="soft">Nothing was sent yet.</p> : null}
      <ul>
        {mails.map(({ number, receivedAt, to, mail }) => (
          <li class="card" key={number}>
            <div class="card-head">
              <h3>
                <a href={`/${number}`}>{mail.subject ?? '(no subject)'}</a>
              </h3>
              <span class="soft small">{timeOf(receivedAt)}</span>
            </div>
            <p class="soft small">{to.join(', ')}</p>
          </li>
        ))}
      </ul>
    </MailFrame>
  );
}

function MailPage({ number, receivedAt, to, mail }: CaughtMail): VNode {
  return (
    <MailFrame title={mail.subject ?? '(no subject)'}>
      {ALL_MAILS}
      <div class="card">
        <FactList
          facts={[
            ['From', mail.from?.address ?? null],
            ['To', to.join(', ')],
            ['Sent', timeOf(receivedAt)],
            ['Message-ID', mail.messageId ?? null],
          ]}
        />
        <p class="links">
          {mail.attachments.map(({ filename }, index) => (
            <a key={index} href={`/${number}/attachments/${index}`}>
              {filename ?? 'attachment'}
            </a>
          ))}
          <a href={`/${number}/source`}>Source</a>
        </p>
      </div>
      {mail.html === undefined ? null : (
        <iframe title="The mail" src={`/${number}/html`} sandbox="allow-popups" width="100%" height="900" />
      )}
      <h2>As text</h2>
      <pre class="proposal card">{mail.text ?? '(none)'}</pre>
    </MailFrame>
  );
}

function timeOf(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
